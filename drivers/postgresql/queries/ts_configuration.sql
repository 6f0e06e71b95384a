SELECT 'pg_ts_config'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.cfgname AS "ts_configuration:",
       quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) AS parser,
       (SELECT json_object_agg(k.alias, k.dicts) FROM (
            SELECT t.alias, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno) AS dicts
            FROM pg_ts_config_map m JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
                 JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
            WHERE m.mapcfg = c.oid GROUP BY t.alias) k) AS mappings,
       pg_get_userbyid(c.cfgowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_ts_config'::regclass AND y.objsubid = 0) AS comment
FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
     JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_ts_config'::regclass AND x.objid = c.oid AND x.deptype = 'e')
