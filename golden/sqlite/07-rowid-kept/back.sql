.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 2: undo: rebuild table odd: change column v
-- ! REWRITE: table odd: the table is made anew and every row is copied
CREATE TABLE _snap_new_odd (
  rowid TEXT,
  oid TEXT,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_odd (_rowid_, rowid, oid, v) SELECT _rowid_, rowid, oid, v FROM odd;
DROP TABLE odd;
ALTER TABLE _snap_new_odd RENAME TO odd;

-- step 1: undo: rebuild table doc: change column title
-- ! REWRITE: table doc: the table is made anew and every row is copied
CREATE TABLE _snap_new_doc (
  title TEXT,
  body TEXT
);
INSERT OR ABORT INTO _snap_new_doc (rowid, title, body) SELECT rowid, title, body FROM doc;
DROP TABLE doc;
ALTER TABLE _snap_new_doc RENAME TO doc;

COMMIT;
