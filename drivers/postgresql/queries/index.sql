SELECT 'pg_class'::regclass::oid AS "!class", ic.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       CASE WHEN c.relkind <> 'm' THEN c.relname END AS "table:",
       CASE WHEN c.relkind = 'm' THEN c.relname END AS "matview:",
       ic.relname AS "index:",
       CASE WHEN i.indpred IS NULL AND ic.reloptions IS NULL THEN pg_get_indexdef(ic.oid)
            ELSE regexp_replace(left(d.def, length(d.def) - length(w.text)), d.strip || '$', '') END AS def,
       pg_get_expr(i.indpred, i.indrelid) AS where,
       CASE WHEN ic.reloptions IS NOT NULL THEN
            (SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ') FROM pg_options_to_table(ic.reloptions) o) END AS ".with",
       CASE WHEN ic.reloptions IS NOT NULL THEN
            (SELECT json_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(ic.reloptions) o) END AS options,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = ic.reltablespace) AS tablespace,
       i.indisclustered AS clustered, NOT i.indisvalid AS invalid,
       (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = ic.oid) AS part_of,
       (SELECT json_object_agg(a.attnum, a.attstattarget::text) FROM pg_attribute a
        WHERE a.attrelid = ic.oid AND a.attstattarget >= 0) AS statistics,
       (SELECT y.description FROM pg_description y WHERE y.objoid = ic.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = 0) AS comment
FROM pg_index i
     JOIN pg_class ic ON ic.oid = i.indexrelid
     JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
     LATERAL (SELECT coalesce(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '') AS text) w,
     LATERAL (SELECT pg_get_indexdef(ic.oid) AS def,
              CASE WHEN ic.reloptions IS NULL THEN '' ELSE ' WITH \([^()]*\)' END AS strip) d
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
