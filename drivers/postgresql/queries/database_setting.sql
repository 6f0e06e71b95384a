SELECT 1 AS "!class", 0 AS "!oid", 0 AS "!sub",
       coalesce(quote_ident(r.rolname) || ' ', '') || split_part(v.item, '=', 1) AS "database_setting:",
       CASE WHEN s.setrole <> 0 THEN json_build_array(r.rolname) END AS roles,
       split_part(v.item, '=', 1) AS ".parameter",
       substr(v.item, strpos(v.item, '=') + 1) AS value
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) v(item)
WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
