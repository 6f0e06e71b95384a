SELECT 'pg_class'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "sequence:",
       pg_get_userbyid(c.relowner) AS owner,
       array_to_json(c.relacl::text[]) AS acl,
       CASE WHEN c.relacl IS NOT NULL THEN array_to_json(acldefault('s', c.relowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = 0) AS comment,
       c.relpersistence = 'u' AS unlogged,
       format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
       s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, s.seqcycle AS cycle
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid
                  AND x.deptype IN ('e', 'i'))
