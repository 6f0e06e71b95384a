SELECT 'pg_type'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", t.typname AS "domain:",
       pg_get_userbyid(t.typowner) AS owner,
       array_to_json(t.typacl::text[]) AS acl,
       CASE WHEN t.typacl IS NOT NULL THEN array_to_json(acldefault('T', t.typowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_type'::regclass AND y.objsubid = 0) AS comment,
       format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS notnull,
       (SELECT k.conname FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n' AND k.conname <> t.typname || '_not_null') AS notnull_name, -- 17+
       coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) AS "default",
       CASE WHEN t.typcollation <> b.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
            WHERE l.oid = t.typcollation) END AS collation
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
