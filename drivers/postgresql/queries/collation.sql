SELECT 'pg_collation'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.collname AS "collation:",
       format('CREATE COLLATION %I.%I (provider = %s%s%s%s)', n.nspname, c.collname,
              CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
              CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END,
              CASE WHEN c.collprovider = 'i' THEN ', locale = ' || quote_literal(c.collcollate) -- <15
              CASE WHEN c.collprovider = 'i' THEN ', locale = ' || quote_literal(coalesce( -- 15+
                   to_json(c)->>'colliculocale', to_json(c)->>'colllocale')) -- 15+
                   WHEN c.collprovider = 'b' THEN ', locale = ' || quote_literal(to_json(c)->>'colllocale') -- 17+
                   WHEN c.collcollate = c.collctype THEN ', locale = ' || quote_literal(c.collcollate)
                   ELSE ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype) END,
              coalesce(', rules = ' || quote_literal(to_json(c)->>'collicurules'), '')) AS def,
       pg_get_userbyid(c.collowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_collation'::regclass AND y.objsubid = 0) AS comment
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
  AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_collation'::regclass AND x.objid = c.oid AND x.deptype = 'e')
