.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 2: undo: rebuild table gone
-- ! REWRITE: table gone: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_gone (
  title TEXT PRIMARY KEY
);
INSERT OR ABORT INTO _snap_new_gone (title) SELECT title FROM gone;
DROP TABLE gone;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_gone RENAME TO gone;
PRAGMA legacy_alter_table = off;

-- step 1: undo: rebuild table doc: change column n, add primary key
-- ! REWRITE: table doc: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_doc (
  title TEXT,
  n INT
);
INSERT OR ABORT INTO _snap_new_doc (rowid, title, n) SELECT rowid, title, n FROM doc;
DROP TABLE doc;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_doc RENAME TO doc;
PRAGMA legacy_alter_table = off;

COMMIT;
