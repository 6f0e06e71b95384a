.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table fresh: add column a, add primary key
-- ! REWRITE: table fresh: the table is made anew and every row is copied
CREATE TABLE _snap_new_fresh (
  a INTEGER PRIMARY KEY,
  b
);
INSERT OR ABORT INTO _snap_new_fresh (a, b) SELECT rowid, b FROM fresh;
DROP TABLE fresh;
ALTER TABLE _snap_new_fresh RENAME TO fresh;

-- step 2: rebuild table t: change column a
-- ! DATA_DEPENDENT: column t.a: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column t.a: a value that is no whole number stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table t: column a becomes the rowid
SELECT json_extract('{}', 'snap: column t.a becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM t WHERE a IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column t.a becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM t WHERE a IS NOT NULL AND typeof(a) <> 'integer') WHERE n > 0;
CREATE TABLE _snap_new_t (
  a INTEGER PRIMARY KEY,
  b
);
INSERT OR ABORT INTO _snap_new_t (a, b) SELECT a, b FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
