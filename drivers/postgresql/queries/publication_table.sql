SELECT 'pg_publication_rel'::regclass::oid AS "!class", r.oid AS "!oid", 0 AS "!sub",
       p.pubname AS "publication:", quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "publication_table:",
       (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a -- 15+
        WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])) AS columns, -- 15+
       pg_get_expr(r.prqual, r.prrelid) AS "where", -- 15+
       NULL AS "!none"
FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
     JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_publication'::regclass AND x.objid = p.oid AND x.deptype = 'e')
