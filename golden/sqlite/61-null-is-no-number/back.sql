.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 2: undo: rebuild table t: change column a
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_t (
  a INT PRIMARY KEY,
  b
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b) SELECT rowid, a, b FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

-- step 1: undo: rebuild table fresh: add column a, add primary key
-- ! REWRITE: table fresh: the table is made anew and every row is copied
-- ! DATA_LOSS: column fresh.a: its values are lost
CREATE TABLE _snap_new_fresh (
  b
);
INSERT OR ABORT INTO _snap_new_fresh (rowid, b) SELECT rowid, b FROM fresh;
DROP TABLE fresh;
ALTER TABLE _snap_new_fresh RENAME TO fresh;

COMMIT;
