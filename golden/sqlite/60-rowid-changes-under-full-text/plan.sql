.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table doc: change column n, add primary key
-- ! DATA_DEPENDENT: column doc.n: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column doc.n: a value that is no whole number stops it
-- ! DATA_DEPENDENT: table doc: two rows that are equal in the key stop it
-- ! REWRITE: table doc: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table doc: column n becomes the rowid
-- ! REPOPULATE: virtual table five: its index is built anew from its content
-- ! REPOPULATE: virtual table four: its index is built anew from its content
-- ! REPOPULATE: virtual table seen: its index is built anew from its content
SELECT json_extract('{}', 'snap: column doc.n becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM doc WHERE n IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column doc.n becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM doc WHERE n IS NOT NULL AND typeof(n) <> 'integer') WHERE n > 0;
SELECT json_extract('{}', 'snap: table doc gets a key over (n); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM doc WHERE n IS NOT NULL GROUP BY n HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_doc (
  title TEXT,
  n INTEGER PRIMARY KEY
);
INSERT OR ABORT INTO _snap_new_doc (title, n) SELECT title, n FROM doc;
DROP TABLE doc;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_doc RENAME TO doc;
PRAGMA legacy_alter_table = off;
INSERT INTO five (five) VALUES ('rebuild');
INSERT INTO four (four) VALUES ('rebuild');
INSERT INTO seen (seen) VALUES ('rebuild');

-- step 2: rebuild table gone
-- ! DATA_DEPENDENT: column gone.title: a row that holds NULL stops it
-- ! REWRITE: table gone: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table gone: its hidden rowids go
SELECT json_extract('{}', 'snap: column gone.title becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM gone WHERE title IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_gone (
  title TEXT PRIMARY KEY
) WITHOUT ROWID;
INSERT OR ABORT INTO _snap_new_gone (title) SELECT title FROM gone;
DROP TABLE gone;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_gone RENAME TO gone;
PRAGMA legacy_alter_table = off;

COMMIT;
