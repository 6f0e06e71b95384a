.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table t: change primary key, add unique, drop unique
-- ! DATA_DEPENDENT: column t.a: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column t.a: a value that is no whole number stops it
-- ! DATA_DEPENDENT: table t: two rows that are equal in the key stop it
-- ! DATA_DEPENDENT: table t: two rows that are equal in the key stop it
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table t: column a becomes the rowid
SELECT json_extract('{}', 'snap: column t.a becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM t WHERE a IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column t.a becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM t WHERE a IS NOT NULL AND typeof(a) <> 'integer') WHERE n > 0;
SELECT json_extract('{}', 'snap: table t gets a key over (a); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1)) WHERE n > 0;
SELECT json_extract('{}', 'snap: table t gets a key over (b); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM t WHERE b IS NOT NULL GROUP BY b HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_t (
  a INTEGER PRIMARY KEY,
  b INTEGER UNIQUE,
  c TEXT
);
INSERT OR ABORT INTO _snap_new_t (a, b, c) SELECT a, b, c FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
