.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: undo: change virtual table f
-- ! REPOPULATE: virtual table f: the table is made anew and filled again
CREATE TABLE _snap_old_f AS SELECT rowid, title, body FROM f;
CREATE TABLE _snap_set_f AS SELECT k, v FROM f_config WHERE k <> 'version';
DROP TABLE f;
CREATE VIRTUAL TABLE f USING fts5(title, body);
INSERT INTO f (f, rank) SELECT k, v FROM _snap_set_f;
DROP TABLE _snap_set_f;
INSERT INTO f (rowid, title, body) SELECT rowid, title, body FROM _snap_old_f;
DROP TABLE _snap_old_f;

COMMIT;
