SELECT 'pg_am'::regclass::oid AS "!class", m.oid AS "!oid", 0 AS "!sub",
       m.amname AS "access_method:",
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname, CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END,
              m.amhandler) AS def,
       (SELECT y.description FROM pg_description y WHERE y.objoid = m.oid AND y.classoid = 'pg_am'::regclass AND y.objsubid = 0) AS comment
FROM pg_am m
WHERE m.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_am'::regclass AND x.objid = m.oid AND x.deptype = 'e')
