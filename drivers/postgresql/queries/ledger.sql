WITH member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
     acl(class, oid, sub, acl, letter, owner) AS (
  SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl, 'f'::"char", p.proowner FROM pg_proc p
  UNION ALL SELECT 'pg_class'::regclass, c.oid, 0, c.relacl, CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner
  FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
  UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, 'c', c.relowner FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL
  UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl, 'n', n.nspowner FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  UNION ALL SELECT 'pg_type'::regclass, t.oid, 0, t.typacl, 'T', t.typowner FROM pg_type t WHERE t.typtype <> 'c' AND t.typcategory <> 'A'
  UNION ALL SELECT 'pg_language'::regclass, l.oid, 0, l.lanacl, 'l', l.lanowner FROM pg_language l
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl, 'F', w.fdwowner FROM pg_foreign_data_wrapper w
  UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid, 0, s.srvacl, 'S', s.srvowner FROM pg_foreign_server s)
SELECT 'grants' AS kind, i.type || ' ' || i.identity AS name,
       array_to_string(ARRAY(SELECT x::text FROM unnest(coalesce(v.acl, acldefault(v.letter, v.owner))) x ORDER BY 1), ' ') AS text,
       'grants on what the server or an extension brings' AS why, v.class::oid AS class, v.oid, v.sub
FROM acl v LEFT JOIN pg_init_privs p ON p.classoid = v.class AND p.objoid = v.oid AND p.objsubid = v.sub,
     LATERAL pg_identify_object(v.class, v.oid, v.sub) i
WHERE (v.oid < 16384 OR EXISTS (SELECT FROM member m WHERE m.classid = v.class AND m.objid = v.oid))
  AND v.acl IS DISTINCT FROM p.initprivs AND i.schema IS DISTINCT FROM 'information_schema'
  AND NOT (v.class = 'pg_class'::regclass AND v.sub > 0 AND v.oid IN ('pg_subscription'::regclass, 'pg_user_mapping'::regclass))
  AND NOT (v.class = 'pg_namespace'::regclass AND i.identity IN ('public', 'information_schema'))
  AND ARRAY(SELECT x::text FROM unnest(coalesce(v.acl, acldefault(v.letter, v.owner))) x ORDER BY 1)
      IS DISTINCT FROM ARRAY(SELECT x::text FROM unnest(coalesce(p.initprivs, acldefault(v.letter, v.owner))) x ORDER BY 1)
UNION ALL
SELECT 'security label', s.provider || ' on ' || i.type || ' ' || i.identity, s.label, 'security labels are not modelled',
       s.classoid, s.objoid, s.objsubid
FROM pg_seclabel s, LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) i
WHERE s.objoid >= 16384 AND s.classoid <> 'pg_largeobject'::regclass
UNION ALL
SELECT 'security label', s.provider || ' on the database', s.label, 'security labels are not modelled', 0, 0, 0
FROM pg_shseclabel s
WHERE s.classoid = 'pg_database'::regclass AND s.objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT 'large object', o.oid::text, concat_ws(' ', pg_get_userbyid(o.lomowner), array_to_string(o.lomacl, ' '),
            obj_description(o.oid, 'pg_largeobject'), s.provider, s.label),
       'grants, comments and labels of large objects are not modelled', 0, 0, 0
FROM pg_largeobject_metadata o LEFT JOIN pg_seclabel s ON s.classoid = 'pg_largeobject'::regclass AND s.objoid = o.oid
WHERE o.lomacl IS NOT NULL OR s.label IS NOT NULL OR obj_description(o.oid, 'pg_largeobject') IS NOT NULL
UNION ALL
SELECT 'partition', h.inhrelid::regclass::text, h.inhparent::regclass::text, 'DETACH CONCURRENTLY was not finished', 'pg_class'::regclass, h.inhrelid, 0 -- 14+
FROM pg_inherits h WHERE h.inhdetachpending -- 14+
UNION ALL -- 14+
SELECT 'relation of a kind', c.oid::regclass::text, c.relkind::text, 'not a kind that snap knows', 'pg_class'::regclass, c.oid, 0
FROM pg_class c WHERE c.relkind NOT IN ('r', 'i', 'S', 't', 'v', 'm', 'c', 'f', 'p', 'I')
