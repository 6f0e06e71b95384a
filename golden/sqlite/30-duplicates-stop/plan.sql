.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: add unique
-- ! DATA_DEPENDENT: table t: two rows that are equal in the key stop it
-- ! REWRITE: table t: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table t gets a key over (a COLLATE nocase, b); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM t WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a COLLATE nocase, b HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_t (
  a TEXT COLLATE NOCASE,
  b INTEGER,
  UNIQUE (a, b)
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b) SELECT rowid, a, b FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

-- step 2: create index u.u_a
-- ! DATA_DEPENDENT: index u.u_a: fails when two rows are equal in the key
-- ! INDEX_BUILD: index u.u_a: the table is read whole
CREATE UNIQUE INDEX u_a ON u (a);

COMMIT;
