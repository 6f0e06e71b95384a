SELECT 'pg_rewrite'::regclass::oid AS "!class", r.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       CASE WHEN c.relkind <> 'v' THEN c.relname END AS "table:",
       CASE WHEN c.relkind = 'v' THEN c.relname END AS "view:",
       r.rulename AS "rule:",
       regexp_replace(pg_get_ruledef(r.oid), ';$', '') AS def,
       CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS enabled,
       (SELECT y.description FROM pg_description y WHERE y.objoid = r.oid AND y.classoid = 'pg_rewrite'::regclass AND y.objsubid = 0) AS comment
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND c.relkind IN ('r', 'p', 'v')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e'
                  AND (x.classid = 'pg_class'::regclass AND x.objid = c.oid OR x.classid = 'pg_rewrite'::regclass AND x.objid = r.oid))
