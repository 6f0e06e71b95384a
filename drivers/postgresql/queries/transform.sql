SELECT 'pg_transform'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       format('for %s language %s', format_type(t.trftype, NULL), l.lanname) AS "transform:",
       format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS ".id",
       format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
              concat_ws(', ', 'FROM SQL WITH FUNCTION ' || NULLIF(t.trffromsql, 0)::regprocedure,
                        'TO SQL WITH FUNCTION ' || NULLIF(t.trftosql, 0)::regprocedure)) AS def,
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_transform'::regclass AND y.objsubid = 0) AS comment
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_transform'::regclass AND x.objid = t.oid AND x.deptype = 'e')
