SELECT 'pg_foreign_data_wrapper'::regclass::oid AS "!class", w.oid AS "!oid", 0 AS "!sub",
       w.fdwname AS "fdw:",
       NULLIF(w.fdwhandler, 0)::regproc AS handler,
       NULLIF(w.fdwvalidator, 0)::regproc AS validator,
       (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table(w.fdwoptions) o) AS options,
       (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table(w.fdwoptions) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') AS ".secrets",
       pg_get_userbyid(w.fdwowner) AS owner,
       array_to_json(w.fdwacl::text[]) AS acl,
       CASE WHEN w.fdwacl IS NOT NULL THEN array_to_json(acldefault('F', w.fdwowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = w.oid AND y.classoid = 'pg_foreign_data_wrapper'::regclass AND y.objsubid = 0) AS comment
FROM pg_foreign_data_wrapper w
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_foreign_data_wrapper'::regclass AND x.objid = w.oid AND x.deptype = 'e')
