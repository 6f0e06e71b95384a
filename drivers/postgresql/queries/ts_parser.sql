SELECT 'pg_ts_parser'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", p.prsname AS "ts_parser:",
       format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s%s, LEXTYPES = %s)', n.nspname, p.prsname,
              p.prsstart, p.prstoken, p.prsend, coalesce(', HEADLINE = ' || NULLIF(p.prsheadline::oid, 0)::regproc, ''), p.prslextype) AS def,
       (SELECT y.description FROM pg_description y WHERE y.objoid = p.oid AND y.classoid = 'pg_ts_parser'::regclass AND y.objsubid = 0) AS comment
FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_ts_parser'::regclass AND x.objid = p.oid AND x.deptype = 'e')
