SELECT 'pg_attrdef'::regclass::oid AS "!class", d.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       CASE c.relkind WHEN 'v' THEN c.relname END AS "view:",
       CASE c.relkind WHEN 'm' THEN c.relname END AS "matview:",
       a.attname AS "view_column:",
       pg_get_expr(d.adbin, d.adrelid) AS default,
       array_to_json(a.attacl::text[]) AS acl,
       CASE WHEN a.attacl IS NOT NULL THEN '[]' END AS "!default",
       pg_get_userbyid(c.relowner) AS "!owner",
       p.description AS comment,
       CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
            WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
       CASE WHEN c.relkind = 'm' THEN CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' END END AS ".storage",
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, -- 14+
       NULLIF(a.attstattarget, -1) AS statistics,
       CASE WHEN cardinality(a.attoptions) > 1 OR a.attoptions[1] NOT LIKE 'pg_attver=%' THEN
            (SELECT json_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(a.attoptions) o
             WHERE o.option_name <> 'pg_attver') END AS options,
       CASE WHEN cardinality(a.attoptions) > 1 THEN
            (SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ') FROM pg_options_to_table(a.attoptions) o
             WHERE o.option_name <> 'pg_attver') END AS ".with"
FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     LEFT JOIN pg_description p ON p.objoid = c.oid AND p.classoid = 'pg_class'::regclass AND p.objsubid = a.attnum
WHERE c.relkind IN ('v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  AND (d.oid IS NOT NULL OR a.attacl IS NOT NULL OR p.description IS NOT NULL OR (c.relkind = 'm' AND
       (a.attstorage <> t.typstorage OR a.attstattarget <> -1
        OR a.attcompression <> '' -- 14+
        OR EXISTS (SELECT FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg_attver=%'))))
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
