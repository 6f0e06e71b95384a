.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop column left_out.b
-- ! DATA_LOSS: column left_out.b: its values are lost
-- ! REWRITE: table left_out: DROP COLUMN rewrites every row
ALTER TABLE left_out DROP COLUMN b;

-- step 2: rebuild table middle: add column b
-- ! REWRITE: table middle: the table is made anew and every row is copied
CREATE TABLE _snap_new_middle (
  a TEXT,
  b TEXT,
  c TEXT
);
INSERT OR ABORT INTO _snap_new_middle (rowid, a, c) SELECT rowid, a, c FROM middle;
DROP TABLE middle;
ALTER TABLE _snap_new_middle RENAME TO middle;

-- step 3: rebuild table swapped
-- ! REWRITE: table swapped: the table is made anew and every row is copied
CREATE TABLE _snap_new_swapped (
  c BLOB,
  a TEXT,
  b INTEGER
);
INSERT OR ABORT INTO _snap_new_swapped (rowid, c, a, b) SELECT rowid, c, a, b FROM swapped;
DROP TABLE swapped;
ALTER TABLE _snap_new_swapped RENAME TO swapped;

-- step 4: change table tail: add column b
ALTER TABLE tail ADD COLUMN b TEXT;

COMMIT;
