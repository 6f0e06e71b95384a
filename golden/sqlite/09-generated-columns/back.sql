.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 3: undo: rebuild table name: change column whole, add column short
-- ! REWRITE: table name: the table is made anew and every row is copied
CREATE TABLE _snap_new_name (
  first TEXT,
  last TEXT,
  whole TEXT GENERATED ALWAYS AS (first || ' ' || last) STORED
);
INSERT OR ABORT INTO _snap_new_name (rowid, "first", "last") SELECT rowid, "first", "last" FROM name;
DROP TABLE name;
ALTER TABLE _snap_new_name RENAME TO name;

-- step 2: undo: rebuild table item: change column rate, add column twice
-- ! REWRITE: table item: the table is made anew and every row is copied
CREATE TABLE _snap_new_item (
  id INTEGER PRIMARY KEY,
  net NUMERIC,
  rate NUMERIC DEFAULT 19,
  gross NUMERIC AS (net * (100 + rate) / 100)
);
INSERT OR ABORT INTO _snap_new_item (id, net, rate) SELECT id, net, rate FROM item;
DROP TABLE item;
ALTER TABLE _snap_new_item RENAME TO item;

-- step 1: undo: rebuild table box: change column area
-- ! REWRITE: table box: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_box (
  w INTEGER,
  h INTEGER,
  area INTEGER,
  label TEXT
);
INSERT OR ABORT INTO _snap_new_box (rowid, w, h, area, label) SELECT rowid, w, h, area, label FROM box;
DROP TABLE box;
ALTER TABLE _snap_new_box RENAME TO box;

COMMIT;
