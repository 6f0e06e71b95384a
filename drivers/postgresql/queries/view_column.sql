SELECT 'pg_attrdef'::regclass::oid AS "!class", d.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       CASE c.relkind WHEN 'v' THEN c.relname END AS "view:",
       CASE c.relkind WHEN 'm' THEN c.relname END AS "matview:",
       a.attname AS "view_column:",
       pg_get_expr(d.adbin, d.adrelid) AS default,
       array_to_json(a.attacl::text[]) AS acl,
       CASE WHEN a.attacl IS NOT NULL THEN '[]' END AS "!default",
       pg_get_userbyid(c.relowner) AS "!owner",
       p.description AS comment
FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     LEFT JOIN pg_description p ON p.objoid = c.oid AND p.classoid = 'pg_class'::regclass AND p.objsubid = a.attnum
WHERE c.relkind IN ('v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  AND (d.oid IS NOT NULL OR a.attacl IS NOT NULL OR p.description IS NOT NULL)
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
