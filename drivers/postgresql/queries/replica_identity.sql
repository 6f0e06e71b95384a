SELECT 3 AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.relname AS "table:", '#' AS "replica_identity:",
       CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
            ELSE (SELECT 'USING INDEX ' || quote_ident(ic.relname) FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
                  WHERE i.indrelid = c.oid AND i.indisreplident) END AS identity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND (c.relreplident IN ('n', 'f') OR c.relreplident = 'i' AND EXISTS
       (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident))
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
