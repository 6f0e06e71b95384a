SELECT 'pg_cast'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       format('%s as %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS "cast:",
       format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS ".id",
       format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
              CASE c.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION'
                   ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
              CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END) AS def,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_cast'::regclass AND y.objsubid = 0) AS comment
FROM pg_cast c
WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_cast'::regclass AND x.objid = c.oid AND x.deptype IN ('e', 'i'))
