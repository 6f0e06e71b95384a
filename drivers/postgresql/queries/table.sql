SELECT 'pg_class'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "table:",
       pg_get_userbyid(c.relowner) AS owner,
       array_to_json(c.relacl::text[]) AS acl,
       CASE WHEN c.relacl IS NOT NULL THEN array_to_json(acldefault('r', c.relowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = 0) AS comment,
       c.relpersistence = 'u' AS unlogged,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
       (SELECT json_agg(a.attname ORDER BY a.attnum)::text FROM pg_partitioned_table pt, pg_attribute a
        WHERE pt.partrelid = c.oid AND a.attrelid = c.oid AND a.attnum = ANY (pt.partattrs::int2[])) AS ".key",
       CASE WHEN NOT c.relispartition THEN (SELECT json_agg(i.inhparent::regclass::text ORDER BY i.inhseqno)
            FROM pg_inherits i WHERE i.inhrelid = c.oid) END AS inherits,
       (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS server,
       CASE WHEN c.relkind = 'f' THEN (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table((SELECT f.ftoptions FROM pg_foreign_table f WHERE f.ftrelid = c.oid)) o) END AS foreign_options,
       CASE WHEN c.relkind = 'f' THEN (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table((SELECT f.ftoptions FROM pg_foreign_table f WHERE f.ftrelid = c.oid)) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') END AS ".secrets",
       (SELECT string_agg(p.option_name || '=' || quote_literal(p.option_value), ', ') FROM (
            SELECT o.option_name, o.option_value FROM pg_options_to_table(c.reloptions) o UNION ALL
            SELECT 'toast.' || o.option_name, o.option_value FROM pg_class t,
                   pg_options_to_table(t.reloptions) o WHERE t.oid = c.reltoastrelid) p) AS ".with",
       (SELECT json_object_agg(p.option_name, p.option_value) FROM (
            SELECT o.option_name, o.option_value FROM pg_options_to_table(c.reloptions) o UNION ALL
            SELECT 'toast.' || o.option_name, o.option_value FROM pg_class t,
                   pg_options_to_table(t.reloptions) o WHERE t.oid = c.reltoastrelid) p) AS options,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_rls,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
       (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS access_method,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
       (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
