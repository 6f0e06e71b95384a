.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table t
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  n INTEGER,
  s TEXT
);
INSERT OR ABORT INTO _snap_new_t (id, n, s) SELECT id, n, s FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
