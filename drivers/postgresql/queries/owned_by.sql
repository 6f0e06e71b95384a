SELECT 1 AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "sequence:", '#' AS "owned_by:",
       x.refobjid::regclass::text || '.' || quote_ident(a.attname) AS column
FROM pg_depend x
     JOIN pg_class c ON c.oid = x.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = x.refobjid AND a.attnum = x.refobjsubid
WHERE x.classid = 'pg_class'::regclass AND x.refclassid = 'pg_class'::regclass AND x.deptype = 'a'
  AND x.refobjsubid > 0 AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
