SELECT 'pg_type'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       'pg_class'::regclass::oid AS "!class2", c.oid AS "!oid2",
       n.nspname AS "schema:", t.typname AS "composite:",
       pg_get_userbyid(t.typowner) AS owner,
       array_to_json(t.typacl::text[]) AS acl,
       CASE WHEN t.typacl IS NOT NULL THEN array_to_json(acldefault('T', t.typowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_type'::regclass AND y.objsubid = 0) AS comment,
       (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
WHERE c.relkind = 'c' AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
