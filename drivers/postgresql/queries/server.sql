SELECT 'pg_foreign_server'::regclass::oid AS "!class", s.oid AS "!oid", 0 AS "!sub",
       s.srvname AS "server:",
       w.fdwname AS wrapper,
       s.srvtype AS type, s.srvversion AS version,
       (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table(s.srvoptions) o) AS options,
       (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table(s.srvoptions) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') AS ".secrets",
       pg_get_userbyid(s.srvowner) AS owner,
       array_to_json(s.srvacl::text[]) AS acl,
       CASE WHEN s.srvacl IS NOT NULL THEN array_to_json(acldefault('S', s.srvowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = s.oid AND y.classoid = 'pg_foreign_server'::regclass AND y.objsubid = 0) AS comment
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_foreign_server'::regclass AND x.objid = s.oid AND x.deptype = 'e')
