.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table doc: change column title
-- ! DATA_DEPENDENT: column doc.title: a row that holds NULL stops it
-- ! REWRITE: table doc: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column doc.title becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM doc WHERE title IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_doc (
  title TEXT NOT NULL,
  body TEXT
);
INSERT OR ABORT INTO _snap_new_doc (rowid, title, body) SELECT rowid, title, body FROM doc;
DROP TABLE doc;
ALTER TABLE _snap_new_doc RENAME TO doc;

-- step 2: rebuild table odd: change column v
-- ! REWRITE: table odd: the table is made anew and every row is copied
CREATE TABLE _snap_new_odd (
  rowid TEXT,
  oid TEXT,
  v TEXT DEFAULT 'x'
);
INSERT OR ABORT INTO _snap_new_odd (_rowid_, rowid, oid, v) SELECT _rowid_, rowid, oid, v FROM odd;
DROP TABLE odd;
ALTER TABLE _snap_new_odd RENAME TO odd;

COMMIT;
