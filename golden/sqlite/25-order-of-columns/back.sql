.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 4: undo: change table tail: add column b
-- ! DATA_LOSS: column tail.b: its values are lost
-- ! REWRITE: table tail: DROP COLUMN rewrites every row
ALTER TABLE tail DROP COLUMN b;

-- step 3: undo: rebuild table swapped
-- ! REWRITE: table swapped: the table is made anew and every row is copied
CREATE TABLE _snap_new_swapped (
  a TEXT,
  b INTEGER,
  c BLOB
);
INSERT OR ABORT INTO _snap_new_swapped (rowid, a, b, c) SELECT rowid, a, b, c FROM swapped;
DROP TABLE swapped;
ALTER TABLE _snap_new_swapped RENAME TO swapped;

-- step 2: undo: rebuild table middle: add column b
-- ! DATA_LOSS: column middle.b: its values are lost
-- ! REWRITE: table middle: DROP COLUMN rewrites every row
ALTER TABLE middle DROP COLUMN b;

-- step 1: undo: drop column left_out.b
-- ! REWRITE: table left_out: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_left_out (
  a TEXT,
  b TEXT,
  c TEXT
);
INSERT OR ABORT INTO _snap_new_left_out (rowid, a, c) SELECT rowid, a, c FROM left_out;
DROP TABLE left_out;
ALTER TABLE _snap_new_left_out RENAME TO left_out;

COMMIT;
