SELECT 'pg_opfamily'::regclass::oid AS "!class", f.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", f.opfname || ' using ' || m.amname AS "operator_family:",
       format('%I.%I USING %I', n.nspname, f.opfname, m.amname) AS ".id",
       (SELECT json_object_agg(e.key, e.value) FROM (
            SELECT format('OPERATOR %s (%s, %s)', o.amopstrategy, format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL)) AS key,
                   format('%I.%s', pn.nspname, p.oprname) || coalesce((SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                        FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = o.amopsortfamily), '') AS value
            FROM pg_amop o JOIN pg_operator p ON p.oid = o.amopopr JOIN pg_namespace pn ON pn.oid = p.oprnamespace
            WHERE o.amopfamily = f.oid AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass
                  AND d.objid = o.oid AND d.refclassid = 'pg_opclass'::regclass)
            UNION ALL
            SELECT format('FUNCTION %s (%s, %s)', a.amprocnum, format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL)),
                   a.amproc::regprocedure::text
            FROM pg_amproc a WHERE a.amprocfamily = f.oid AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_amproc'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_opclass'::regclass)) e) AS members,
       pg_get_userbyid(f.opfowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = f.oid AND y.classoid = 'pg_opfamily'::regclass AND y.objsubid = 0) AS comment
FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_opfamily'::regclass AND x.objid = f.oid AND x.deptype = 'e')
