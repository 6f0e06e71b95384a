SELECT 'pg_ts_dict'::regclass::oid AS "!class", d.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", d.dictname AS "ts_dictionary:",
       quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) AS template,
       d.dictinitoption AS options,
       (SELECT json_agg(m[1])::text FROM regexp_matches(d.dictinitoption,
            '("(?:[^"]|"")+"|[^\s=",]+)\s*=\s*(?:E?''(?:[^'']|'''')*''|[^\s,'']+)', 'g') m) AS ".keys",
       pg_get_userbyid(d.dictowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = d.oid AND y.classoid = 'pg_ts_dict'::regclass AND y.objsubid = 0) AS comment
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
     JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_ts_dict'::regclass AND x.objid = d.oid AND x.deptype = 'e')
