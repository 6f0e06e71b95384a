.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 3: undo: create trigger t.tr
DROP TRIGGER tr;

-- step 2: undo: create view v
DROP VIEW v;

-- step 1: undo: rebuild table t: change column a, add column b, add check
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! DATA_LOSS: column t.b: its values are lost
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  a TEXT DEFAULT 'one
two'
);
INSERT OR ABORT INTO _snap_new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
