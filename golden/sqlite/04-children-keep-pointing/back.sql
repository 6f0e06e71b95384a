.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table place: change column title
-- ! REWRITE: table place: the table is made anew and every row is copied
CREATE TABLE _snap_new_place (
  code TEXT PRIMARY KEY,
  title TEXT,
  inside TEXT REFERENCES place
);
INSERT OR ABORT INTO _snap_new_place (rowid, code, title, inside) SELECT rowid, code, title, inside FROM place;
DROP TABLE place;
ALTER TABLE _snap_new_place RENAME TO place;

COMMIT;
