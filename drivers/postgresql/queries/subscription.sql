SELECT 'pg_subscription'::regclass::oid AS "!class", i.oid AS "!oid", 0 AS "!sub",
       s.subname AS "subscription:",
       pg_get_userbyid(s.subowner) AS owner,
       CASE WHEN c.text ~ '^postgres(ql)?://' THEN
            rtrim(regexp_replace(regexp_replace(c.text, '(://[^:@/]*):[^@]*@', '\1@'), '([?&])(ssl)?password=[^&]*&?', '\1', 'gi'), '?&')
            ELSE btrim(regexp_replace(c.text, '\m(ssl)?password\s*=\s*(''([^''\\]|\\.)*''|(\\.|[^\s\\])+)\s*', '', 'gi')) END AS connection,
       CASE WHEN c.text ~* '\m(ssl)?password\s*=' OR c.text ~ '^postgres(ql)?://[^:@/]*:[^@]*@' THEN 'password' END AS ".secrets",
       CASE WHEN c.text !~ '^postgres(ql)?://' THEN 't' END AS ".words",
       to_json(s.subpublications) AS publications,
       (SELECT json_object_agg(o.key, o.value) FROM (VALUES
            ('slot_name', CASE WHEN s.subslotname IS NULL THEN 'NONE' WHEN s.subslotname <> s.subname THEN quote_literal(s.subslotname) END),
            ('synchronous_commit', NULLIF(quote_literal(i.sync), '''off''')),
            ('binary', CASE WHEN s.subbinary THEN 'true' END), -- 14+
            ('streaming', CASE s.substream::text WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' END), -- 14+
            ('streaming', CASE s.substream::text WHEN 'f' THEN 'off' END), -- 18+
            ('two_phase', CASE WHEN s.subtwophasestate <> 'd' THEN 'true' END), -- 15+
            ('disable_on_error', CASE WHEN s.subdisableonerr THEN 'true' END), -- 15+
            ('password_required', CASE WHEN NOT s.subpasswordrequired THEN 'false' END), -- 16+
            ('run_as_owner', CASE WHEN s.subrunasowner THEN 'true' END), -- 16+
            ('origin', NULLIF(quote_literal(s.suborigin), '''any''')), -- 16+
            ('failover', CASE WHEN s.subfailover THEN 'true' END), -- 17+
            ('', NULL)) o(key, value) WHERE o.value IS NOT NULL) AS options,
       (SELECT y.description FROM pg_description y WHERE y.objoid = i.oid AND y.classoid = 'pg_subscription'::regclass AND y.objsubid = 0) AS comment,
       CASE WHEN NOT p.granted THEN 'its connection: GRANT SELECT (oid, subsynccommit, subconninfo) ON pg_catalog.pg_subscription' END AS ".hidden"
FROM pg_subscription s,
     LATERAL (SELECT bool_and(has_column_privilege('pg_subscription', w.name, 'SELECT')) AS granted
              FROM unnest(ARRAY['oid', 'subsynccommit', 'subconninfo']) w(name)) p,
     LATERAL (SELECT s.oid, s.subsynccommit AS sync) i -- 14+
     LATERAL (SELECT substring(t.x FROM '<oid>([0-9]+)</oid>')::oid AS oid, substring(t.x FROM '<sync>([a-z_]+)</sync>') AS sync -- <14
              FROM (SELECT CASE WHEN p.granted THEN query_to_xml(format('SELECT oid, subsynccommit AS sync FROM pg_catalog.pg_subscription WHERE subdbid = %s AND subname = %L', -- <14
                                     s.subdbid, s.subname), false, false, '')::text END AS x) t) i -- <14
     , LATERAL (SELECT CASE WHEN p.granted THEN
            convert_from(decode(substring(query_to_xml(format(
                'SELECT encode(convert_to(subconninfo, ''UTF8''), ''hex'') AS hex FROM pg_catalog.pg_subscription WHERE oid = %s',
                i.oid), false, false, '')::text FROM '<hex>([0-9a-f]*)</hex>'), 'hex'), 'UTF8') END AS text) c
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
