.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: add column b, add unique
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  a TEXT,
  b TEXT DEFAULT 'x' UNIQUE ON CONFLICT IGNORE
);
INSERT OR ABORT INTO _snap_new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
