WITH gone AS (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast|temp_|toast_temp_)'),
     part AS (SELECT DISTINCT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i'))
SELECT v.class, v.oid FROM (
  SELECT 'pg_class'::regclass::oid AS class, c.oid FROM pg_class c
  WHERE c.relkind <> 't' AND c.relnamespace NOT IN (SELECT oid FROM gone)
    AND NOT (c.relkind IN ('i', 'I') AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.oid
             AND EXISTS (SELECT FROM part p WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indrelid)))
  UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_proc'::regclass, f.oid FROM pg_proc f WHERE f.pronamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_namespace'::regclass, n.oid FROM pg_namespace n WHERE n.oid NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k
  WHERE k.connamespace NOT IN (SELECT oid FROM gone) AND k.contype NOT IN ('n', 't')
    AND NOT EXISTS (SELECT FROM pg_constraint u WHERE u.oid = k.conparentid AND u.conrelid = k.conrelid)
  UNION ALL SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  WHERE r.rulename <> '_RETURN' AND c.relnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_trigger'::regclass, g.oid FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
  WHERE NOT g.tgisinternal AND c.relnamespace NOT IN (SELECT oid FROM gone)
    AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_trigger'::regclass AND p.objid = g.oid AND p.deptype = 'P')
  UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  WHERE c.relnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid FROM pg_statistic_ext s WHERE s.stxnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 'pg_operator'::regclass, o.oid FROM pg_operator o WHERE o.oprcode <> 0
  UNION ALL SELECT 'pg_opclass'::regclass, o.oid FROM pg_opclass o
  UNION ALL SELECT 'pg_opfamily'::regclass, o.oid FROM pg_opfamily o
  UNION ALL SELECT 'pg_collation'::regclass, l.oid FROM pg_collation l
  UNION ALL SELECT 'pg_conversion'::regclass, c.oid FROM pg_conversion c
  UNION ALL SELECT 'pg_cast'::regclass, c.oid FROM pg_cast c
  UNION ALL SELECT 'pg_transform'::regclass, t.oid FROM pg_transform t
  UNION ALL SELECT 'pg_am'::regclass, a.oid FROM pg_am a
  UNION ALL SELECT 'pg_language'::regclass, l.oid FROM pg_language l
  UNION ALL SELECT 'pg_ts_parser'::regclass, p.oid FROM pg_ts_parser p
  UNION ALL SELECT 'pg_ts_template'::regclass, t.oid FROM pg_ts_template t
  UNION ALL SELECT 'pg_ts_dict'::regclass, d.oid FROM pg_ts_dict d
  UNION ALL SELECT 'pg_ts_config'::regclass, c.oid FROM pg_ts_config c
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, w.oid FROM pg_foreign_data_wrapper w
  UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid FROM pg_foreign_server s
  UNION ALL SELECT 'pg_user_mapping'::regclass, u.umid FROM pg_user_mappings u
  UNION ALL SELECT 'pg_event_trigger'::regclass, e.oid FROM pg_event_trigger e
  UNION ALL SELECT 'pg_extension'::regclass, e.oid FROM pg_extension e WHERE e.extname <> 'plpgsql'
  UNION ALL SELECT 'pg_publication'::regclass, p.oid FROM pg_publication p
  UNION ALL SELECT 'pg_publication_rel'::regclass, p.oid FROM pg_publication_rel p
  UNION ALL SELECT 'pg_publication_namespace'::regclass, p.oid FROM pg_publication_namespace p -- 15+
  UNION ALL SELECT 'pg_default_acl'::regclass, a.oid FROM pg_default_acl a
  UNION ALL SELECT 'pg_subscription'::regclass, s.oid FROM pg_subscription s
  WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
) v(class, oid)
WHERE v.oid >= 16384 AND NOT EXISTS (SELECT FROM part p WHERE p.classid = v.class AND p.objid = v.oid)
