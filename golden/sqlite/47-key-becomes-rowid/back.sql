.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table t: change column id
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_t (
  id INT PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_t (rowid, id, v) SELECT rowid, id, v FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
