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
       obj_description(t.oid, 'pg_trigger') AS comment
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_trigger u ON u.oid = t.tgparentid -- 13+
     LEFT JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_trigger'::regclass -- <13
     LEFT JOIN pg_trigger u ON u.oid = d.refobjid -- <13
WHERE (u.tgenabled IS NULL AND NOT t.tgisinternal OR u.tgenabled <> t.tgenabled)
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype <> 't')
  AND c.relkind IN ('r', 'p', 'v', 'f')
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e'
                  AND (x.classid = 'pg_class'::regclass AND x.objid = c.oid OR x.classid = 'pg_trigger'::regclass AND x.objid = t.oid))
