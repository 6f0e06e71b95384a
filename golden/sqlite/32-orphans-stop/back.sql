.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table c: add foreign key
-- ! REWRITE: table c: the table is made anew and every row is copied
CREATE TABLE _snap_new_c (
  id INTEGER PRIMARY KEY,
  x INTEGER,
  y TEXT
);
INSERT OR ABORT INTO _snap_new_c (id, x, y) SELECT id, x, y FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;

COMMIT;
