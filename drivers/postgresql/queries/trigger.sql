WITH RECURSIVE part AS (
    SELECT d.objid, d.refobjid FROM pg_depend d
    WHERE d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_trigger'::regclass AND d.deptype = 'P'),
up AS (SELECT objid, refobjid FROM part UNION ALL SELECT up.objid, p.refobjid FROM up JOIN part p ON p.objid = up.refobjid),
root AS (SELECT up.objid, u.tgenabled FROM up JOIN pg_trigger u ON u.oid = up.refobjid
         WHERE up.refobjid NOT IN (SELECT objid FROM part))
SELECT 'pg_trigger'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       CASE WHEN c.relkind <> 'v' THEN c.relname END AS "table:",
       CASE WHEN c.relkind = 'v' THEN c.relname END AS "view:",
       t.tgname AS "trigger:",
       CASE WHEN u.tgenabled IS NULL THEN pg_get_triggerdef(t.oid) END AS def,
       CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
            WHEN 'O' THEN CASE WHEN u.tgenabled IS NOT NULL THEN 'ENABLE' END END AS enabled,
       u.tgenabled IS NOT NULL AS clone,
       CASE u.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
            WHEN 'O' THEN 'ENABLE' END AS ".inherited",
       (SELECT json_agg(v.extname ORDER BY v.extname) FROM pg_depend x JOIN pg_extension v ON v.oid = x.refobjid
        WHERE x.classid = 'pg_trigger'::regclass AND x.objid = t.oid AND x.deptype = 'x') AS extensions,
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_trigger'::regclass AND y.objsubid = 0) AS comment
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN root u ON u.objid = t.oid
WHERE (u.tgenabled IS NULL AND NOT t.tgisinternal OR u.tgenabled <> t.tgenabled)
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype <> 't')
  AND c.relkind IN ('r', 'p', 'v', 'f')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e'
                  AND (x.classid = 'pg_class'::regclass AND x.objid = c.oid OR x.classid = 'pg_trigger'::regclass AND x.objid = t.oid))
