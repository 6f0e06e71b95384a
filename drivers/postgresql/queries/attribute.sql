SELECT 'pg_class'::regclass::oid AS "!class", c.oid AS "!oid", a.attnum AS "!sub",
       n.nspname AS "schema:", c.relname AS "composite:", a.attname AS "attribute:",
       format_type(a.atttypid, a.atttypmod) AS type, a.attnum AS ".place",
       CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
            WHERE l.oid = a.attcollation) END AS collation,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = a.attnum) AS comment
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = c.reltype AND x.deptype = 'e')
