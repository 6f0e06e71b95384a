SELECT 'pg_policy'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "table:", p.polname AS "policy:",
       quote_ident(p.polname) || ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS ".id",
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END AS command,
       NOT p.polpermissive AS restrictive,
       CASE WHEN p.polroles <> '{0}' THEN (SELECT json_agg(pg_get_userbyid(r.oid) ORDER BY pg_get_userbyid(r.oid) COLLATE "C")
            FROM unnest(p.polroles) r(oid)) END AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check,
       (SELECT y.description FROM pg_description y WHERE y.objoid = p.oid AND y.classoid = 'pg_policy'::regclass AND y.objsubid = 0) AS comment
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
