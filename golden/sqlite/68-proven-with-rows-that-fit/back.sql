.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 5: undo: rebuild table tight: change column c
-- ! REWRITE: table tight: the table is made anew and every row is copied
-- ! CONVERT: column tight.c: values are stored as text instead of integer
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_tight (
  a INT,
  b TEXT,
  c TEXT
);
INSERT OR ABORT INTO _snap_new_tight (rowid, a, b, c) SELECT rowid, a, b, c FROM tight;
DROP TABLE tight;
ALTER TABLE _snap_new_tight RENAME TO tight;

-- step 4: undo: rebuild table keyed: change column a, add primary key
-- ! REWRITE: table keyed: the table is made anew and every row is copied
CREATE TABLE _snap_new_keyed (
  a INT,
  b TEXT
);
INSERT OR ABORT INTO _snap_new_keyed (rowid, a, b) SELECT rowid, a, b FROM keyed;
DROP TABLE keyed;
ALTER TABLE _snap_new_keyed RENAME TO keyed;

-- step 3: undo: rebuild table fresh: add column w
-- ! DATA_LOSS: column fresh.w: its values are lost
-- ! REWRITE: table fresh: DROP COLUMN rewrites every row
ALTER TABLE fresh DROP COLUMN w;

-- step 2: undo: rebuild table filled: change column a
-- ! REWRITE: table filled: the table is made anew and every row is copied
CREATE TABLE _snap_new_filled (
  a TEXT,
  b
);
INSERT OR ABORT INTO _snap_new_filled (rowid, a, b) SELECT rowid, a, b FROM filled;
DROP TABLE filled;
ALTER TABLE _snap_new_filled RENAME TO filled;

-- step 1: undo: rebuild table child: add foreign key
-- ! REWRITE: table child: the table is made anew and every row is copied
CREATE TABLE _snap_new_child (
  id INTEGER PRIMARY KEY,
  parent TEXT
);
INSERT OR ABORT INTO _snap_new_child (id, parent) SELECT id, parent FROM child;
DROP TABLE child;
ALTER TABLE _snap_new_child RENAME TO child;

COMMIT;
