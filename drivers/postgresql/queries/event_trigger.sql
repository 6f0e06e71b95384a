SELECT 'pg_event_trigger'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       t.evtname AS "event_trigger:",
       pg_get_userbyid(t.evtowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_event_trigger'::regclass AND y.objsubid = 0) AS comment,
       t.evtevent AS event,
       (SELECT json_agg(g.tag ORDER BY g.n) FROM unnest(t.evttags) WITH ORDINALITY g(tag, n)) AS tags,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS function,
       CASE t.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS enabled
FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_event_trigger'::regclass AND x.objid = t.oid AND x.deptype = 'e')
