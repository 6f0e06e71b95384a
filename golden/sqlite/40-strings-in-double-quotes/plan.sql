.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: drop column gone
-- ! DATA_LOSS: column t.gone: its values are lost
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  a TEXT
);
INSERT OR ABORT INTO _snap_new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_t RENAME TO t;
PRAGMA legacy_alter_table = off;
CREATE INDEX i ON t (a) WHERE a <> "x y";

COMMIT;
