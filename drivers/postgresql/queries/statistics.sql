SELECT 'pg_statistic_ext'::regclass::oid AS "!class", s.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", s.stxname AS "statistics:",
       pg_get_statisticsobjdef(s.oid) AS def,
       NULLIF(s.stxstattarget, -1) AS target, -- 13+
       pg_get_userbyid(s.stxowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = s.oid AND y.classoid = 'pg_statistic_ext'::regclass AND y.objsubid = 0) AS comment
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e'
                  AND (x.classid = 'pg_statistic_ext'::regclass AND x.objid = s.oid OR x.classid = 'pg_class'::regclass AND x.objid = c.oid))
