SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.refobjid >= 16384 AND d.objid >= 16384
  AND NOT (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.refobjsubid > 0 AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
  AND NOT (d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.objsubid = 0
           AND EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                       WHERE i.inhrelid = d.objid AND i.inhparent = d.refobjid AND c.relispartition
                         AND c.relkind IN ('r', 'p', 'f')))
UNION ALL
SELECT 1, d.objid, 0, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
WHERE d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.refobjsubid > 0
UNION ALL
SELECT 2, i.inhrelid, 0, 'pg_class'::regclass, i.inhparent, 0, 'n'
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 3, i.indrelid, 0, 'pg_class'::regclass, x.id, x.sub, 'n'
FROM pg_index i, LATERAL (SELECT i.indexrelid AS id, 0 AS sub
                          UNION ALL SELECT i.indrelid, k FROM unnest(i.indkey) k) x
WHERE i.indisreplident
UNION ALL
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, 'x'
FROM pg_depend d
WHERE d.deptype = 'e'
UNION ALL
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend d
WHERE d.deptype = 'x'
UNION ALL
(WITH RECURSIVE part AS (
    SELECT d.objid, d.refobjid FROM pg_depend d
    WHERE d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_trigger'::regclass AND d.deptype = 'P'),
up AS (SELECT objid, refobjid FROM part UNION ALL SELECT up.objid, p.refobjid FROM up JOIN part p ON p.objid = up.refobjid)
SELECT 'pg_trigger'::regclass::oid, up.objid, 0, 'pg_trigger'::regclass::oid, up.refobjid, 0, 'n' FROM up)
UNION ALL
SELECT 'pg_opfamily'::regclass::oid, o.amopfamily, 0, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend d JOIN pg_amop o ON o.oid = d.objid
WHERE d.classid = 'pg_amop'::regclass AND d.refclassid IN ('pg_operator'::regclass, 'pg_type'::regclass)
  AND d.refobjid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend c WHERE c.classid = d.classid AND c.objid = d.objid
                                          AND c.refclassid = 'pg_opclass'::regclass)
UNION ALL
SELECT 'pg_opfamily'::regclass::oid, a.amprocfamily, 0, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend d JOIN pg_amproc a ON a.oid = d.objid
WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid IN ('pg_proc'::regclass, 'pg_type'::regclass)
  AND d.refobjid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend c WHERE c.classid = d.classid AND c.objid = d.objid
                                          AND c.refclassid = 'pg_opclass'::regclass)
UNION ALL
SELECT 'pg_opclass'::regclass::oid, c.refobjid, 0, d.refclassid, d.refobjid, d.refobjsubid, 'n'
FROM pg_depend c JOIN pg_depend d ON d.classid = c.classid AND d.objid = c.objid
WHERE c.refclassid = 'pg_opclass'::regclass AND c.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
  AND d.refclassid IN ('pg_operator'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass) AND d.refobjid >= 16384
UNION ALL
SELECT 'pg_trigger'::regclass::oid, t.oid, 0, 2, t.tgrelid, 0, 'n'
FROM pg_depend d JOIN pg_trigger t ON t.oid = d.objid
WHERE d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_trigger'::regclass AND d.deptype = 'P'
UNION ALL
SELECT 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_constraint'::regclass::oid, u.oid, 0, 'n'
FROM pg_constraint k JOIN pg_inherits i ON i.inhrelid = k.conrelid
     JOIN pg_constraint u ON u.conrelid = i.inhparent AND u.conname = k.conname
WHERE k.contype = 'c' AND NOT k.conislocal AND u.contype = 'c' AND NOT u.connoinherit
