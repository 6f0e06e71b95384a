SELECT 'pg_namespace'::regclass::oid AS "!class", n.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       pg_get_userbyid(n.nspowner) AS owner,
       array_to_json(n.nspacl::text[]) AS acl,
       CASE WHEN n.nspacl IS NOT NULL THEN array_to_json(acldefault('n', n.nspowner)::text[]) END AS "!default",
       CASE WHEN n.nspname = 'public' AND n.nspowner IN (10, 6171) THEN 't' END AS ".initial",
       (SELECT y.description FROM pg_description y WHERE y.objoid = n.oid AND y.classoid = 'pg_namespace'::regclass AND y.objsubid = 0) AS comment
FROM pg_namespace n
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_namespace'::regclass AND x.objid = n.oid AND x.deptype = 'e')
