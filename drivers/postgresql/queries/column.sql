SELECT 'pg_class'::regclass::oid AS "!class", c.oid AS "!oid", a.attnum AS "!sub",
       'pg_attrdef'::regclass::oid AS "!class2", d.oid AS "!oid2",
       n.nspname AS "schema:", c.relname AS "table:", a.attname AS "column:",
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS notnull,
       NULLIF(nn.conname, na.name) AS notnull_name, -- 18+
       nn.conname AS ".notnull", -- 18+
       CASE WHEN nn.conname <> na.name OR EXISTS (SELECT FROM pg_constraint u -- 18+
                WHERE u.conname = nn.conname AND u.connamespace = nn.connamespace AND u.oid <> nn.oid) -- 18+
            THEN nn.conname END AS ".notnull_as", -- 18+
       CASE WHEN nn.coninhcount > 0 THEN 't' END AS ".notnull_inherited", -- 18+
       CASE WHEN nn.conislocal THEN 't' END AS ".notnull_own", -- 18+
       NOT nn.convalidated AS notnull_invalid, nn.connoinherit AS notnull_local, -- 18+
       obj_description(nn.oid, 'pg_constraint') AS notnull_comment, -- 18+
       CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
            WHERE l.oid = a.attcollation) END AS collation,
       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS generated,
       a.attgenerated = 'v' AS virtual,
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity, -- <17
       CASE WHEN NOT c.relispartition THEN CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END END AS identity, -- 17+
       CASE WHEN a.attidentity <> '' THEN (SELECT json_strip_nulls(json_build_object(
            'SEQUENCE NAME', CASE WHEN s.seqrelid::regclass::text <> quote_ident(n.nspname) || '.' ||
                 quote_ident(c.relname || '_' || a.attname || '_seq') THEN s.seqrelid::regclass::text END,
            'START WITH', s.seqstart::text, 'INCREMENT BY', s.seqincrement::text,
            'MINVALUE', s.seqmin::text, 'MAXVALUE', s.seqmax::text, 'CACHE', s.seqcache::text,
            CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END, ''))
            FROM pg_depend x JOIN pg_sequence s ON s.seqrelid = x.objid
            WHERE x.classid = 'pg_class'::regclass AND x.refclassid = 'pg_class'::regclass
              AND x.refobjid = c.oid AND x.refobjsubid = a.attnum AND x.deptype = 'i') END AS identity_options,
       CASE WHEN a.attidentity <> '' THEN (SELECT s.relname FROM pg_depend x JOIN pg_class s ON s.oid = x.objid
            WHERE x.classid = 'pg_class'::regclass AND x.refclassid = 'pg_class'::regclass
              AND x.refobjid = c.oid AND x.refobjsubid = a.attnum AND x.deptype = 'i') END AS ".sequence",
       CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
            WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
       CASE WHEN c.relkind = 'f' THEN (SELECT json_object_agg(o.option_name, o.option_value) FILTER (WHERE NOT (o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)'))
        FROM pg_options_to_table(a.attfdwoptions) o) END AS foreign_options,
       CASE WHEN c.relkind = 'f' THEN (SELECT string_agg(o.option_name, ', ' ORDER BY o.option_name) FROM pg_options_to_table(a.attfdwoptions) o
        WHERE o.option_name <> 'password_required' AND o.option_name ~* '(password|passwd|passphrase|secret|token|credential|private_?key|api_?key|access_?key)') END AS ".secrets",
       CASE WHEN c.relkind = 'f' THEN 't' END AS ".foreign",
       CASE WHEN c.relispartition AND a.attinhcount > 0 THEN 't' END AS ".partition",
       CASE t.typstorage WHEN 'p' THEN NULL WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
            ELSE CASE WHEN a.attstorage = 'x' THEN NULL ELSE 'EXTENDED' END END AS ".storage",
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, -- 14+
       NULLIF(a.attstattarget, -1) AS statistics,
       CASE WHEN cardinality(a.attoptions) > 1 OR a.attoptions[1] NOT LIKE 'pg_attver=%' THEN
            (SELECT json_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(a.attoptions) o
             WHERE o.option_name <> 'pg_attver') END AS options,
       CASE WHEN cardinality(a.attoptions) > 1 THEN
            (SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ') FROM pg_options_to_table(a.attoptions) o
             WHERE o.option_name <> 'pg_attver') END AS ".with",
       CASE WHEN NOT c.relispartition THEN a.attinhcount > 0 AND NOT a.attislocal END AS inherited,
       array_to_json(a.attacl::text[]) AS acl,
       CASE WHEN a.attacl IS NOT NULL THEN '[]' END AS "!default",
       pg_get_userbyid(c.relowner) AS "!owner",
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_class'::regclass AND y.objsubid = a.attnum) AS comment
FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_constraint nn ON nn.conrelid = c.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum -- 18+
     CROSS JOIN LATERAL (SELECT CASE WHEN octet_length(c.relname) + octet_length(a.attname) <= 53 -- 18+
                                THEN c.relname || '_' || a.attname -- 18+
                                ELSE left(c.relname, greatest(53 - octet_length(a.attname), 27)) || '_' || -- 18+
                                     left(a.attname, greatest(53 - octet_length(c.relname), 26)) -- 18+
                                END || '_not_null' AS name) na -- 18+
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum AND a.attgenerated <> ''
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
