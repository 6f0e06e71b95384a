SELECT 'pg_type'::regclass::oid AS "!class", t.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", t.typname AS "range:",
       pg_get_userbyid(t.typowner) AS owner,
       array_to_json(t.typacl::text[]) AS acl,
       CASE WHEN t.typacl IS NOT NULL THEN array_to_json(acldefault('T', t.typowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = t.oid AND y.classoid = 'pg_type'::regclass AND y.objsubid = 0) AS comment,
       format_type(r.rngsubtype, NULL) AS subtype,
       (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.opcname)
        FROM pg_opclass p JOIN pg_namespace pn ON pn.oid = p.opcnamespace
        WHERE p.oid = r.rngsubopc AND NOT (p.opcdefault AND pn.nspname = 'pg_catalog')) AS opclass,
       CASE WHEN r.rngcollation <> b.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
            WHERE l.oid = r.rngcollation) END AS collation,
       CASE WHEN r.rngcanonical <> 0 THEN (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.proname)
            FROM pg_proc p JOIN pg_namespace pn ON pn.oid = p.pronamespace WHERE p.oid = r.rngcanonical) END AS canonical,
       CASE WHEN r.rngsubdiff <> 0 THEN (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.proname)
            FROM pg_proc p JOIN pg_namespace pn ON pn.oid = p.pronamespace WHERE p.oid = r.rngsubdiff) END AS subtype_diff,
       (SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.typname) FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace -- 14+
        WHERE m.oid = r.rngmultitypid AND (m.typnamespace <> t.typnamespace OR m.typname <> CASE WHEN strpos(t.typname, 'range') > 0 -- 14+
              THEN regexp_replace(t.typname, 'range', 'multirange') ELSE t.typname || '_multirange' END)) AS multirange, -- 14+
       (SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.typname) FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace -- 14+
        WHERE m.oid = r.rngmultitypid) AS ".multirange", -- 14+
       0 AS "!end"
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type b ON b.oid = r.rngsubtype
WHERE t.typtype = 'r' AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
