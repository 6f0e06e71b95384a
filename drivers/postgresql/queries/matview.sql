SELECT 'pg_class'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "matview:",
       pg_get_userbyid(c.relowner) AS owner,
       array_to_json(c.relacl::text[]) AS acl,
       CASE WHEN c.relacl IS NOT NULL THEN array_to_json(acldefault('r', c.relowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = 0) AS comment,
       pg_get_viewdef(c.oid) AS query,
       CASE WHEN c.reloptions IS NOT NULL THEN
            (SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ') FROM pg_options_to_table(c.reloptions) o) END AS ".with",
       CASE WHEN c.reloptions IS NOT NULL THEN
            (SELECT json_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(c.reloptions) o) END AS options,
       (SELECT json_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       NOT c.relispopulated AS not_populated,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
