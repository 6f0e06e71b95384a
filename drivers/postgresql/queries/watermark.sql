WITH gone AS (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast|temp_|toast_temp_)'),
     c AS (SELECT oid, xmin FROM pg_class WHERE oid >= 16384 AND relnamespace NOT IN (SELECT oid FROM gone))
SELECT count(*), sum(hashtextextended(k || ':' || o || ':' || x, 0)) FROM (
  SELECT 1 AS k, oid::text AS o, xmin::text AS x FROM c
  UNION ALL SELECT 2, a.attrelid || '.' || a.attnum, a.xmin::text FROM pg_attribute a JOIN c ON c.oid = a.attrelid WHERE a.attnum > 0
  UNION ALL SELECT 3, k.oid::text, k.xmin::text FROM pg_constraint k WHERE k.connamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 4, r.oid::text, r.xmin::text FROM pg_rewrite r JOIN c ON c.oid = r.ev_class
  UNION ALL SELECT 5, i.indexrelid::text, i.xmin::text FROM pg_index i JOIN c ON c.oid = i.indexrelid
  UNION ALL SELECT 6, d.oid::text, d.xmin::text FROM pg_attrdef d JOIN c ON c.oid = d.adrelid
  UNION ALL SELECT 7, t.oid::text, t.xmin::text FROM pg_trigger t JOIN c ON c.oid = t.tgrelid
  UNION ALL SELECT 8, p.oid::text, p.xmin::text FROM pg_policy p JOIN c ON c.oid = p.polrelid
  UNION ALL SELECT 9, t.oid::text, t.xmin::text FROM pg_type t WHERE t.oid >= 16384 AND t.typnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 10, f.oid::text, f.xmin::text FROM pg_proc f WHERE f.oid >= 16384 AND f.pronamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 11, n.oid::text, n.xmin::text FROM pg_namespace n WHERE n.oid NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 12, h.inhrelid || '.' || h.inhparent, h.xmin::text FROM pg_inherits h JOIN c ON c.oid = h.inhrelid
  UNION ALL SELECT 13, s.seqrelid::text, s.xmin::text FROM pg_sequence s JOIN c ON c.oid = s.seqrelid
  UNION ALL SELECT 14, e.enumtypid || e.enumlabel, e.xmin::text FROM pg_enum e
  UNION ALL SELECT 15, a.aggfnoid::oid::text, a.xmin::text FROM pg_aggregate a WHERE a.aggfnoid >= 16384
  UNION ALL SELECT 16, s.oid::text, s.xmin::text FROM pg_statistic_ext s
  UNION ALL SELECT 17, e.oid::text, e.xmin::text FROM pg_extension e
  UNION ALL SELECT 18, d.objoid || '.' || d.objsubid || '.' || d.classoid, d.xmin::text FROM pg_description d WHERE d.objoid >= 16384
  UNION ALL SELECT 19, o.oid::text, o.xmin::text FROM pg_operator o WHERE o.oid >= 16384
  UNION ALL SELECT 20, a.oid::text, a.xmin::text FROM pg_default_acl a
  UNION ALL SELECT 21, p.oid::text, p.xmin::text FROM pg_publication p
  UNION ALL SELECT 22, p.oid::text, p.xmin::text FROM pg_publication_rel p
  UNION ALL SELECT 23, p.oid::text, p.xmin::text FROM pg_publication_namespace p -- 15+
  UNION ALL SELECT 24, l.oid::text, l.xmin::text FROM pg_collation l WHERE l.oid >= 16384
  UNION ALL SELECT 25, c.oid::text, c.xmin::text FROM pg_conversion c WHERE c.oid >= 16384
  UNION ALL SELECT 26, o.oid::text, o.xmin::text FROM pg_opclass o WHERE o.oid >= 16384
  UNION ALL SELECT 27, o.oid::text, o.xmin::text FROM pg_opfamily o WHERE o.oid >= 16384
  UNION ALL SELECT 28, o.oid::text, o.xmin::text FROM pg_amop o WHERE o.oid >= 16384
  UNION ALL SELECT 29, o.oid::text, o.xmin::text FROM pg_amproc o WHERE o.oid >= 16384
  UNION ALL SELECT 30, c.oid::text, c.xmin::text FROM pg_cast c WHERE c.oid >= 16384
  UNION ALL SELECT 31, a.oid::text, a.xmin::text FROM pg_am a WHERE a.oid >= 16384
  UNION ALL SELECT 32, t.oid::text, t.xmin::text FROM pg_transform t
  UNION ALL SELECT 33, l.oid::text, l.xmin::text FROM pg_language l
  UNION ALL SELECT 34, w.oid::text, w.xmin::text FROM pg_foreign_data_wrapper w
  UNION ALL SELECT 35, s.oid::text, s.xmin::text FROM pg_foreign_server s
  UNION ALL SELECT 36, f.ftrelid::text, f.xmin::text FROM pg_foreign_table f
  UNION ALL SELECT 37, p.oid::text, p.xmin::text FROM pg_ts_parser p WHERE p.oid >= 16384
  UNION ALL SELECT 38, t.oid::text, t.xmin::text FROM pg_ts_template t WHERE t.oid >= 16384
  UNION ALL SELECT 39, d.oid::text, d.xmin::text FROM pg_ts_dict d WHERE d.oid >= 16384
  UNION ALL SELECT 40, c.oid::text, c.xmin::text FROM pg_ts_config c WHERE c.oid >= 16384
  UNION ALL SELECT 41, concat_ws('.', m.mapcfg, m.maptokentype, m.mapseqno), m.xmin::text FROM pg_ts_config_map m WHERE m.mapcfg >= 16384
) v
