SELECT 'pg_opclass'::regclass::oid AS "!class", c.oid AS "!oid", 0 AS "!sub",
       n.nspname AS "schema:", c.opcname || ' using ' || m.amname AS "operator_class:",
       format('%I.%I USING %I', n.nspname, c.opcname, m.amname) AS ".id",
       format(E'CREATE OPERATOR CLASS %I.%I\n    %sFOR TYPE %s USING %I FAMILY %I.%I AS\n    %s', n.nspname, c.opcname,
              CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname,
              coalesce((SELECT string_agg(e.item, E',\n    ' ORDER BY e.k, e.n, e.item) FROM (
            SELECT 1 AS k, 0 AS n, 'STORAGE ' || format_type(c.opckeytype, NULL) AS item WHERE c.opckeytype <> 0
            UNION ALL
            SELECT 2, o.amopstrategy, format('OPERATOR %s %I.%s(%s,%s)', o.amopstrategy, pn.nspname, p.oprname,
                   format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL)) ||
                   coalesce((SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                        FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = o.amopsortfamily), '')
            FROM pg_depend d JOIN pg_amop o ON o.oid = d.objid JOIN pg_operator p ON p.oid = o.amopopr
                 JOIN pg_namespace pn ON pn.oid = p.oprnamespace
            WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
            UNION ALL
            SELECT 3, a.amprocnum, format('FUNCTION %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL),
                   format_type(a.amprocrighttype, NULL), a.amproc::regprocedure)
            FROM pg_depend d JOIN pg_amproc a ON a.oid = d.objid
            WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) e),
              'STORAGE ' || format_type(c.opcintype, NULL))) AS def,
       pg_get_userbyid(c.opcowner) AS owner,
       (SELECT y.description FROM pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_opclass'::regclass AND y.objsubid = 0) AS comment
FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
     JOIN pg_opfamily f ON f.oid = c.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_opclass'::regclass AND x.objid = c.oid AND x.deptype = 'e')
