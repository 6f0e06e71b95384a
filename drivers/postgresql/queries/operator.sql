SELECT 'pg_operator'::regclass::oid AS "!class", o.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       format('%s(%s, %s)', o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
              CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) AS "operator:",
       format('%I.%s (%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
              CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) AS ".id",
       format('%I.%s', n.nspname, o.oprname) AS ".name",
       CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END AS "left",
       CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END AS "right",
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) AS function,
       (SELECT format('OPERATOR(%I.%s)', m.nspname, q.oprname) FROM pg_operator q JOIN pg_namespace m ON m.oid = q.oprnamespace
        WHERE q.oid = o.oprcom) AS commutator,
       (SELECT format('OPERATOR(%I.%s)', m.nspname, q.oprname) FROM pg_operator q JOIN pg_namespace m ON m.oid = q.oprnamespace
        WHERE q.oid = o.oprnegate) AS negator,
       NULLIF(o.oprrest, 0)::regproc AS restrict,
       NULLIF(o.oprjoin, 0)::regproc AS "join",
       o.oprcanhash AS hashes, o.oprcanmerge AS merges,
       pg_get_userbyid(o.oprowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = o.oid AND y.classoid = 'pg_operator'::regclass AND y.objsubid = 0) AS comment
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
     JOIN pg_proc f ON f.oid = o.oprcode JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_operator'::regclass AND x.objid = o.oid AND x.deptype = 'e')
