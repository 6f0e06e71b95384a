SELECT 'pg_attrdef'::regclass::oid AS "!class", d.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "table:", a.attname AS "column:", '#' AS "default:",
       pg_get_expr(d.adbin, d.adrelid) AS default
FROM pg_attrdef d
     JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND a.attgenerated = '' AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
