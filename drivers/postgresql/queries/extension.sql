SELECT 'pg_extension'::regclass::oid AS "!class", e.oid AS "!oid", 0 AS "!sub",
       e.extname AS "extension:",
       n.nspname AS schema,
       e.extversion AS version,
       CASE WHEN e.extversion = v.default_version THEN 't' END AS ".default",
       e.extrelocatable AS ".relocatable",
       (SELECT y.description FROM pg_description y WHERE y.objoid = e.oid AND y.classoid = 'pg_extension'::regclass AND y.objsubid = 0) AS comment
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     LEFT JOIN pg_available_extensions() v ON v.name = e.extname
WHERE e.extname <> 'plpgsql'
