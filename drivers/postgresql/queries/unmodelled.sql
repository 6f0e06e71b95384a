SELECT i.type AS kind, i.identity AS name,
       CASE m.class WHEN 'pg_proc'::regclass THEN (SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.oid = m.oid AND p.prokind <> 'a')
            WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid)
                 WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END FROM pg_class c WHERE c.oid = m.oid)
            WHEN 'pg_constraint'::regclass THEN pg_get_constraintdef(m.oid) WHEN 'pg_rewrite'::regclass THEN pg_get_ruledef(m.oid)
            WHEN 'pg_trigger'::regclass THEN pg_get_triggerdef(m.oid) WHEN 'pg_statistic_ext'::regclass THEN pg_get_statisticsobjdef(m.oid)
            WHEN 'pg_policy'::regclass THEN (SELECT concat_ws(' ', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),
                 pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p WHERE p.oid = m.oid) END AS text,
       'not modelled' AS why, 0 AS class, 0 AS oid, 0 AS sub
FROM missing m, LATERAL pg_identify_object(m.class, m.oid, 0) i
