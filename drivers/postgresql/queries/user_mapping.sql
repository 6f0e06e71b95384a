SELECT 'pg_user_mapping'::regclass::oid AS "!class", u.umid AS "!oid", 0 AS "!sub",
       u.srvname AS "server:", u.usename AS "user_mapping:",
       CASE WHEN u.umuser <> 0 THEN json_build_array(u.usename) END AS roles,
       (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table(m.options) o) AS options,
       (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table(m.options) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') AS ".secrets",
       CASE WHEN NOT m.seen THEN 'its options: GRANT SELECT (oid, umoptions) ON pg_catalog.pg_user_mapping' END AS ".hidden",
       format('FOR %s SERVER %I', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname) AS ".who"
FROM pg_user_mappings u JOIN pg_foreign_server f ON f.oid = u.srvid,
     LATERAL (SELECT has_column_privilege('pg_user_mapping', 'oid', 'SELECT') AND has_column_privilege('pg_user_mapping', 'umoptions', 'SELECT') AS granted) g,
     LATERAL (SELECT CASE WHEN u.umoptions IS NULL AND g.granted THEN
                  convert_from(decode(substring(query_to_xml(format(
                      'SELECT encode(convert_to(umoptions::text, ''UTF8''), ''hex'') AS hex FROM pg_catalog.pg_user_mapping WHERE oid = %s',
                      u.umid), false, false, '')::text FROM '<hex>([0-9a-f]*)</hex>'), 'hex'), 'UTF8')::text[]
                  ELSE u.umoptions END AS options,
              g.granted OR u.umoptions IS NOT NULL OR pg_has_role(f.srvowner, 'USAGE') AND u.umuser = 0
              OR u.usename = current_user AND u.umuser <> 0
                 AND (pg_has_role(f.srvowner, 'USAGE') OR has_server_privilege(f.oid, 'USAGE')) AS seen) m
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_user_mapping'::regclass AND x.objid = u.umid AND x.deptype = 'e')
