SELECT 'pg_conversion'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.conname AS "conversion:",
       format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END, n.nspname,
              c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc) AS def,
       pg_get_userbyid(c.conowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_conversion'::regclass AND y.objsubid = 0) AS comment
FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_conversion'::regclass AND x.objid = c.oid AND x.deptype = 'e')
