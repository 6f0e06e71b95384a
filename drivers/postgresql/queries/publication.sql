SELECT 'pg_publication'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       p.pubname AS "publication:",
       pg_get_userbyid(p.pubowner) AS owner,
       p.puballtables AS all_tables,
       (SELECT json_object_agg(o.key, o.value) FROM (VALUES
            ('publish', NULLIF(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
                        'insert, update, delete, truncate')),
            ('publish_generated_columns', CASE p.pubgencols WHEN 's' THEN 'stored' END), -- 18+
            ('publish_via_partition_root', CASE WHEN p.pubviaroot THEN 'true' END), -- 13+
            ('', NULL)) o(key, value) WHERE o.value IS NOT NULL) AS options,
       (SELECT y.description FROM pg_description y WHERE y.objoid = p.oid AND y.classoid = 'pg_publication'::regclass AND y.objsubid = 0) AS comment
FROM pg_publication p
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_publication'::regclass AND x.objid = p.oid AND x.deptype = 'e')
