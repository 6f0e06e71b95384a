SELECT 'pg_database'::regclass::oid AS "!class", d.oid AS "!oid", 0 AS "!sub",
       'this' AS "database:",
       array_to_json(d.datacl::text[]) AS acl,
       CASE WHEN d.datacl IS NOT NULL THEN array_to_json(acldefault('d', d.datdba)::text[]) END AS "!default",
       pg_get_userbyid(d.datdba) AS "!owner",
       shobj_description(d.oid, 'pg_database') AS comment,
       NULLIF(d.datconnlimit, -1) AS connections
FROM pg_database d
WHERE d.datname = current_database()
  AND (d.datacl IS NOT NULL AND ARRAY(SELECT x::text FROM unnest(d.datacl) x ORDER BY 1)
            <> ARRAY(SELECT x::text FROM unnest(acldefault('d', d.datdba)) x ORDER BY 1) OR d.datconnlimit <> -1 OR shobj_description(d.oid, 'pg_database') IS NOT NULL)
