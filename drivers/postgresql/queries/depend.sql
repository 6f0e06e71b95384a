SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.refobjid >= 16384 AND d.objid >= 16384
  AND NOT (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.refobjsubid > 0 AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
UNION ALL
SELECT 1, d.objid, 0, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
WHERE d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.refobjsubid > 0
UNION ALL
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, 'x'
FROM pg_depend d
WHERE d.deptype = 'e'
