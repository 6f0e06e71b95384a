SELECT 'pg_constraint'::regclass::oid AS "!class", k.oid AS "!oid", 0 AS "!sub",
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN 'pg_class'::regclass::oid END AS "!class2",
       k.conindid AS "!oid2",
       n.nspname AS "schema:", c.relname AS "table:", t.typname AS "domain:",
       CASE k.contype WHEN 'p' THEN k.conname END AS "primary_key:",
       CASE k.contype WHEN 'u' THEN k.conname END AS "unique:",
       CASE k.contype WHEN 'x' THEN k.conname END AS "exclude:",
       CASE k.contype WHEN 'c' THEN k.conname END AS "check:",
       CASE k.contype WHEN 'f' THEN k.conname END AS "foreign_key:",
       CASE WHEN k.convalidated THEN pg_get_constraintdef(k.oid)
            ELSE regexp_replace(pg_get_constraintdef(k.oid), ' NOT (VALID|ENFORCED)$', '') END AS def,
       CASE WHEN k.contype IN ('c', 'f') THEN NOT k.convalidated END AS not_valid, -- <18
       CASE WHEN k.contype IN ('c', 'f') THEN NOT k.convalidated AND k.conenforced END AS not_valid, -- 18+
       CASE WHEN k.contype IN ('c', 'f') THEN NOT k.conenforced END AS not_enforced, -- 18+
       CASE WHEN k.conparentid <> 0 THEN (SELECT u.conname FROM pg_constraint u WHERE u.oid = k.conparentid)
            WHEN k.contype = 'c' AND NOT k.conislocal THEN k.conname END AS part_of,
       CASE WHEN i.indisclustered THEN true END AS clustered,
       (SELECT s.spcname FROM pg_class ic JOIN pg_tablespace s ON s.oid = ic.reltablespace
        WHERE ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')) AS tablespace,
       CASE WHEN ix.reloptions IS NOT NULL THEN (SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ')
            FROM pg_options_to_table(ix.reloptions) o) END AS ".with",
       CASE WHEN ix.reloptions IS NOT NULL THEN (SELECT json_object_agg(o.option_name, o.option_value)
            FROM pg_options_to_table(ix.reloptions) o) END AS options,
       (SELECT y.description FROM pg_description y WHERE y.objoid = k.oid AND y.classoid = 'pg_constraint'::regclass AND y.objsubid = 0) AS comment
FROM pg_constraint k
     LEFT JOIN pg_class c ON c.oid = k.conrelid
     LEFT JOIN pg_type t ON t.oid = k.contypid AND k.contypid <> 0
     JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
     LEFT JOIN pg_class ix ON ix.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
     LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
WHERE k.contype IN ('p', 'u', 'x', 'c', 'f')
  AND NOT EXISTS (SELECT FROM pg_constraint u WHERE u.oid = k.conparentid AND u.conrelid = k.conrelid)
  AND (c.relkind IS NULL OR c.relkind IN ('r', 'p', 'f')) AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e' AND x.objid IN (c.oid, t.oid)
                  AND x.classid IN ('pg_class'::regclass, 'pg_type'::regclass))
