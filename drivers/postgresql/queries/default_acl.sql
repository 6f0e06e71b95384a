SELECT 'pg_default_acl'::regclass::oid AS "!class", a.oid AS "!oid", 0 AS "!sub",
       format('%s on %s%s', quote_ident(pg_get_userbyid(a.defaclrole)), w.word, ' in ' || quote_ident(n.nspname)) AS "default_acl:",
       pg_get_userbyid(a.defaclrole) AS owner,
       n.nspname AS schema,
       w.word AS "on",
       array_to_json(a.defaclacl::text[]) AS acl,
       CASE WHEN a.defaclnamespace = 0 THEN array_to_json(acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's' ELSE a.defaclobjtype END, a.defaclrole)::text[]) ELSE '[]' END AS "!default"
FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
     JOIN (VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS'),
                  ('L', 'LARGE OBJECTS')) w(letter, word) ON w.letter = a.defaclobjtype::text
