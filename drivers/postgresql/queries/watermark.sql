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
  UNION ALL SELECT 8, p.partrelid::text, p.xmin::text FROM pg_partitioned_table p JOIN c ON c.oid = p.partrelid
  UNION ALL SELECT 9, t.oid::text, t.xmin::text FROM pg_type t WHERE t.oid >= 16384 AND t.typnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 10, f.oid::text, f.xmin::text FROM pg_proc f WHERE f.oid >= 16384 AND f.pronamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 11, n.oid::text, n.xmin::text FROM pg_namespace n WHERE n.oid NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 12, e.oid::text, e.xmin::text FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 13, a.aggfnoid::oid::text, a.xmin::text FROM pg_aggregate a WHERE a.aggfnoid >= 16384
  UNION ALL SELECT 14, s.oid::text, s.xmin::text FROM pg_statistic_ext s WHERE s.stxnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 15, o.oid::text, o.xmin::text FROM pg_operator o WHERE o.oid >= 16384 AND o.oprnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 16, l.oid::text, l.xmin::text FROM pg_collation l WHERE l.oid >= 16384 AND l.collnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 17, o.oid::text, o.xmin::text FROM pg_opclass o WHERE o.oid >= 16384 AND o.opcnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 18, o.oid::text, o.xmin::text FROM pg_opfamily o WHERE o.oid >= 16384 AND o.opfnamespace NOT IN (SELECT oid FROM gone)
  UNION ALL SELECT 19, a.oid::text, a.xmin::text FROM pg_am a WHERE a.oid >= 16384
  UNION ALL SELECT 20, t.oid::text, t.xmin::text FROM pg_transform t
  UNION ALL SELECT 21, l.oid::text, l.xmin::text FROM pg_language l
  UNION ALL SELECT 22, p.oid::text, p.xmin::text FROM pg_ts_parser p WHERE p.oid >= 16384
  UNION ALL SELECT 23, t.oid::text, t.xmin::text FROM pg_ts_template t WHERE t.oid >= 16384
  UNION ALL SELECT 24, d.oid::text, d.xmin::text FROM pg_ts_dict d WHERE d.oid >= 16384
  UNION ALL SELECT 25, c.oid::text, c.xmin::text FROM pg_ts_config c WHERE c.oid >= 16384
  UNION ALL SELECT 26, r.oid::text, r.rolname FROM pg_roles r
  UNION ALL SELECT 27, s.setrole::text, s.xmin::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()
  UNION ALL SELECT 28, d.oid::text, d.xmin::text FROM pg_database d WHERE d.datname = current_database()
  UNION ALL SELECT 29, s.objoid::text, s.xmin::text FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid WHERE d.datname = current_database()
  UNION ALL SELECT 30, s.objoid || '.' || s.classoid || '.' || s.objsubid || s.provider, s.xmin::text FROM pg_seclabel s
) v
