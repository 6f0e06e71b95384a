SELECT 'pg_proc'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       tn.nspname AS "schema:", CASE t.typtype WHEN 'b' THEN t.typname END AS "base_type:",
       CASE t.typtype WHEN 'r' THEN t.typname END AS "range:",
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' AS "type_function:",
       pg_get_userbyid(p.proowner) AS owner,
       array_to_json(p.proacl::text[]) AS acl,
       CASE WHEN p.proacl IS NOT NULL THEN array_to_json(acldefault('f', p.proowner)::text[]) END AS "!default",
       obj_description(p.oid, 'pg_proc') AS comment,
       rtrim(pg_get_functiondef(p.oid), E'\n') AS def,
       nullif(pg_get_function_identity_arguments(p.oid), '') AS arguments,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' ||
           pg_get_function_identity_arguments(p.oid) || ')' AS ".id"
FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace
     JOIN LATERAL (SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend]::oid[]) AS oid WHERE t.typtype = 'b'
          UNION SELECT r.rngcanonical FROM pg_range r WHERE r.rngtypid = t.oid) f ON true
     JOIN pg_proc p ON p.oid = f.oid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE t.oid >= 16384 AND t.typtype IN ('b', 'r') AND t.typisdefined AND p.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND tn.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND tn.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
