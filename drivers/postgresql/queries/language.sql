SELECT 'pg_language'::regclass::oid AS "!class", l.oid AS "!oid", 0 AS "!sub",
       l.lanname AS "language:",
       format('CREATE %sPROCEDURAL LANGUAGE %I', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname) ||
              coalesce(' HANDLER ' || NULLIF(l.lanplcallfoid, 0)::regproc, '') ||
              coalesce(' INLINE ' || NULLIF(l.laninline, 0)::regproc, '') ||
              coalesce(' VALIDATOR ' || NULLIF(l.lanvalidator, 0)::regproc, '') AS def,
       pg_get_userbyid(l.lanowner) AS owner,
       array_to_json(l.lanacl::text[]) AS acl,
       CASE WHEN l.lanacl IS NOT NULL THEN array_to_json(acldefault('l', l.lanowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = l.oid AND y.classoid = 'pg_language'::regclass AND y.objsubid = 0) AS comment
FROM pg_language l
WHERE l.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_language'::regclass AND x.objid = l.oid AND x.deptype = 'e')
