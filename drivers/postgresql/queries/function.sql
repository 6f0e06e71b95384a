SELECT 'pg_proc'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS "function:",
       pg_get_userbyid(p.proowner) AS owner,
       array_to_json(p.proacl::text[]) AS acl,
       CASE WHEN p.proacl IS NOT NULL THEN array_to_json(acldefault('f', p.proowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = p.oid AND y.classoid = 'pg_proc'::regclass AND y.objsubid = 0) AS comment,
       (SELECT json_agg(v.extname ORDER BY v.extname) FROM pg_depend x JOIN pg_extension v ON v.oid = x.refobjid
        WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'x') AS extensions,
       rtrim(pg_get_functiondef(p.oid), E'\n') AS def,
       nullif(pg_get_function_identity_arguments(p.oid), '') AS arguments,
       pg_get_function_result(p.oid) AS result,
       nullif(p.pronargdefaults, 0) AS defaults,
       CASE WHEN p.pronargdefaults > 0 THEN (SELECT json_agg(v.text ORDER BY v.n) FROM (
            SELECT a.n, pg_get_function_arg_default(p.oid, a.n::int) AS text
            FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, n)
                 JOIN pg_type y ON y.oid = a.type WHERE y.typtype = 'p') v WHERE v.text IS NOT NULL) END AS any_defaults,
       p.prokind = 'p' AS procedure, p.prokind = 'w' AS window,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' ||
           pg_get_function_identity_arguments(p.oid) || ')' AS ".id"
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p', 'w') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid
                  AND x.deptype IN ('e', 'i'))
  AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid >= 16384 AND t.typtype = 'b' AND p.oid >= 16384
                  AND p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend))
  AND p.oid NOT IN (SELECT r.rngcanonical FROM pg_range r WHERE r.rngtypid >= 16384 AND r.rngcanonical >= 16384)
