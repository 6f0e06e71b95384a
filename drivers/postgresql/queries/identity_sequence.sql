SELECT 4 AS "!class", s.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "table:", a.attname AS "column:", '#' AS "identity_sequence:",
       format('%I.%I', n.nspname, s.relname) AS ".id", pg_get_userbyid(s.relowner) AS "!owner",
       array_to_json(s.relacl::text[]) AS acl,
       CASE WHEN s.relacl IS NOT NULL THEN array_to_json(acldefault('s', s.relowner)::text[]) END AS "!default",
       CASE WHEN s.relpersistence <> c.relpersistence THEN CASE s.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END END AS persistence, -- 15+
       y.description AS comment
FROM pg_class s JOIN pg_depend x ON x.classid = 'pg_class'::regclass AND x.objid = s.oid AND x.objsubid = 0
       AND x.refclassid = 'pg_class'::regclass AND x.deptype = 'i'
     JOIN pg_class c ON c.oid = x.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.refobjsubid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_description y ON y.objoid = s.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = 0
WHERE s.relkind = 'S' AND (y.description IS NOT NULL
       OR s.relpersistence <> c.relpersistence -- 15+
       OR NOT (s.relacl @> acldefault('s', s.relowner) AND s.relacl <@ acldefault('s', s.relowner)))
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
