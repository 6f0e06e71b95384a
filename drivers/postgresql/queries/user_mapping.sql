SELECT 'pg_user_mapping'::regclass::oid AS "!class", u.umid AS "!oid", 0 AS "!sub",
       u.srvname AS "server:", u.usename AS "user_mapping:",
       CASE WHEN u.umuser <> 0 THEN json_build_array(u.usename) END AS roles,
       (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table(u.umoptions) o) AS options,
       (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table(u.umoptions) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') AS ".secrets",
       format('FOR %s SERVER %I', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname) AS ".who"
FROM pg_user_mappings u
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_user_mapping'::regclass AND x.objid = u.umid AND x.deptype = 'e')
