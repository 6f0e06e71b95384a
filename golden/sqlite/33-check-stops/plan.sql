.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: change check small
-- ! DATA_DEPENDENT: check t.small: a row that does not fit the CHECK stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  n INTEGER,
  CONSTRAINT small CHECK (n < 10)
);
INSERT OR ABORT INTO _snap_new_t (id, n) SELECT id, n FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
