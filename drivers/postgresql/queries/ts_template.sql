SELECT 'pg_ts_template'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", t.tmplname AS "ts_template:",
       format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s)', n.nspname, t.tmplname,
              coalesce('INIT = ' || NULLIF(t.tmplinit::oid, 0)::regproc || ', ', ''), t.tmpllexize) AS def,
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_ts_template'::regclass AND y.objsubid = 0) AS comment
FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_ts_template'::regclass AND x.objid = t.oid AND x.deptype = 'e')
