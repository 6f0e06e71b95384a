SELECT s.class AS "!class", s.oid AS "!oid", 0 AS "!sub",
       p.pubname AS "publication:", n.nspname AS "publication_schema:"
FROM (SELECT 0::oid AS class, 0::oid AS oid, 0::oid AS pnpubid, 0::oid AS pnnspid WHERE false -- <15
FROM (SELECT 'pg_publication_namespace'::regclass::oid AS class, r.* FROM pg_publication_namespace r -- 15+
     ) s JOIN pg_publication p ON p.oid = s.pnpubid JOIN pg_namespace n ON n.oid = s.pnnspid
WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_publication'::regclass AND x.objid = p.oid AND x.deptype = 'e')
