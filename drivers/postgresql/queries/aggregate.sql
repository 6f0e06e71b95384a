SELECT 'pg_proc'::regclass::oid AS "!class", p.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:",
       p.proname || '(' || CASE WHEN p.pronargs = 0 THEN '*' ELSE oidvectortypes(p.proargtypes) END || ')' AS "aggregate:",
       pg_get_userbyid(p.proowner) AS owner,
       array_to_json(p.proacl::text[]) AS acl,
       CASE WHEN p.proacl IS NOT NULL THEN array_to_json(acldefault('f', p.proowner)::text[]) END AS "!default",
       (SELECT y.description FROM pg_description y WHERE y.objoid = p.oid AND y.classoid = 'pg_proc'::regclass AND y.objsubid = 0) AS comment,
       pg_get_function_result(p.oid) AS result,
       s.args AS arguments,
       CASE g.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END AS set,
       'SFUNC = ' || g.aggtransfn || E',\n    STYPE = ' || format_type(g.aggtranstype, NULL)
       || CASE WHEN g.aggtransspace <> 0 THEN E',\n    SSPACE = ' || g.aggtransspace ELSE '' END
       || coalesce(E',\n    INITCOND = ' || quote_literal(g.agginitval), '')
       || CASE WHEN g.aggfinalfn <> 0 THEN E',\n    FINALFUNC = ' || g.aggfinalfn ELSE '' END
       || CASE WHEN g.aggfinalextra THEN E',\n    FINALFUNC_EXTRA' ELSE '' END
       || CASE WHEN g.aggfinalmodify <> m.dflt THEN E',\n    FINALFUNC_MODIFY = ' || m.final ELSE '' END
       || CASE WHEN g.aggcombinefn <> 0 THEN E',\n    COMBINEFUNC = ' || g.aggcombinefn ELSE '' END
       || CASE WHEN g.aggserialfn <> 0 THEN E',\n    SERIALFUNC = ' || g.aggserialfn ELSE '' END
       || CASE WHEN g.aggdeserialfn <> 0 THEN E',\n    DESERIALFUNC = ' || g.aggdeserialfn ELSE '' END
       || CASE WHEN g.aggmtransfn <> 0 THEN E',\n    MSFUNC = ' || g.aggmtransfn || E',\n    MINVFUNC = ' || g.aggminvtransfn
               || E',\n    MSTYPE = ' || format_type(g.aggmtranstype, NULL) ELSE '' END
       || CASE WHEN g.aggmtransspace <> 0 THEN E',\n    MSSPACE = ' || g.aggmtransspace ELSE '' END
       || coalesce(E',\n    MINITCOND = ' || quote_literal(g.aggminitval), '')
       || CASE WHEN g.aggmfinalfn <> 0 THEN E',\n    MFINALFUNC = ' || g.aggmfinalfn ELSE '' END
       || CASE WHEN g.aggmfinalextra THEN E',\n    MFINALFUNC_EXTRA' ELSE '' END
       || CASE WHEN g.aggmtransfn <> 0 AND g.aggmfinalmodify <> m.dflt
               THEN E',\n    MFINALFUNC_MODIFY = ' || m.mfinal ELSE '' END
       || coalesce((SELECT E',\n    SORTOP = OPERATOR(' || quote_ident(os.nspname) || '.' || o.oprname || ')'
            FROM pg_operator o JOIN pg_namespace os ON os.oid = o.oprnamespace WHERE o.oid = g.aggsortop), '')
       || CASE p.proparallel WHEN 's' THEN E',\n    PARALLEL = SAFE' WHEN 'r' THEN E',\n    PARALLEL = RESTRICTED' ELSE '' END
       || CASE WHEN g.aggkind = 'h' THEN E',\n    HYPOTHETICAL' ELSE '' END AS def,
       s.name || '(' || s.args || ')' AS ".id",
       s.name || '(' || oidvectortypes(p.proargtypes) || ')' AS ".signature"
FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace,
     LATERAL (SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS name,
              coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*') AS args) s,
     LATERAL (SELECT CASE g.aggkind WHEN 'n' THEN 'r' ELSE 'w' END AS dflt,
              CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END AS final,
              CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END AS mfinal) m
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid
                  AND x.deptype IN ('e', 'i'))
