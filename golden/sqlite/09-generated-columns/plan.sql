.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table box: change column area
-- ! REWRITE: table box: the table is made anew and every row is copied
-- ! DATA_LOSS: column box.area: its values give way to the generated ones
CREATE TABLE _snap_new_box (
  w INTEGER,
  h INTEGER,
  area INTEGER AS (w * h) STORED,
  label TEXT
);
INSERT OR ABORT INTO _snap_new_box (rowid, w, h, label) SELECT rowid, w, h, label FROM box;
DROP TABLE box;
ALTER TABLE _snap_new_box RENAME TO box;

-- step 2: rebuild table item: change column rate, add column twice
-- ! REWRITE: table item: the table is made anew and every row is copied
CREATE TABLE _snap_new_item (
  id INTEGER PRIMARY KEY,
  net NUMERIC,
  rate NUMERIC DEFAULT 7,
  gross NUMERIC AS (net * (100 + rate) / 100),
  twice NUMERIC AS (net * 2)
);
INSERT OR ABORT INTO _snap_new_item (id, net, rate) SELECT id, net, rate FROM item;
DROP TABLE item;
ALTER TABLE _snap_new_item RENAME TO item;

-- step 3: rebuild table name: change column whole, add column short
-- ! REWRITE: table name: the table is made anew and every row is copied
CREATE TABLE _snap_new_name (
  first TEXT,
  last TEXT,
  whole TEXT GENERATED ALWAYS AS (last || ', ' || first),
  short TEXT AS (substr(first, 1, 1) || last) VIRTUAL
);
INSERT OR ABORT INTO _snap_new_name (rowid, "first", "last") SELECT rowid, "first", "last" FROM name;
DROP TABLE name;
ALTER TABLE _snap_new_name RENAME TO name;

COMMIT;
