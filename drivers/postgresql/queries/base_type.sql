SELECT 'pg_type'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", t.typname AS "base_type:",
       pg_get_userbyid(t.typowner) AS owner,
       array_to_json(t.typacl::text[]) AS acl,
       CASE WHEN t.typacl IS NOT NULL THEN array_to_json(acldefault('T', t.typowner)::text[]) END AS "!default",
       obj_description(t.oid, 'pg_type') AS comment,
       t.typinput::regproc AS input, t.typoutput::regproc AS output,
       NULLIF(t.typreceive, 0)::regproc AS receive, NULLIF(t.typsend, 0)::regproc AS send,
       NULLIF(t.typmodin, 0)::regproc AS typmod_in, NULLIF(t.typmodout, 0)::regproc AS typmod_out,
       NULLIF(t.typanalyze, 0)::regproc AS analyze,
       NULLIF(t.typsubscript, 0)::regproc AS subscript, -- 14+
       NULLIF(t.typlen, -1) AS length,
       t.typbyval AS by_value,
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
       CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' ELSE 'plain' END AS storage,
       NULLIF(t.typcategory, 'U') AS category, t.typispreferred AS preferred,
       t.typdefault AS "default",
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       NULLIF(t.typdelim, ',') AS delimiter,
       t.typcollation <> 0 AS collatable
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'b' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
