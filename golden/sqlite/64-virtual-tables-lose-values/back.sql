.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 5: undo: change virtual table still
-- ! REPOPULATE: virtual table still: the table is made anew and filled again, without its automerge setting
CREATE TABLE _snap_old_still AS SELECT rowid, title, lid FROM still;
DROP TABLE still;
CREATE VIRTUAL TABLE still USING fts4(title, languageid=lid);
INSERT INTO still (rowid, title, lid) SELECT rowid, title, lid FROM _snap_old_still;
DROP TABLE _snap_old_still;

-- step 4: undo: change virtual table spoken
-- ! REPOPULATE: virtual table spoken: the table is made anew and filled again, without its automerge setting
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_old_spoken AS SELECT rowid, title FROM spoken;
DROP TABLE spoken;
CREATE VIRTUAL TABLE spoken USING fts4(title, languageid=lid);
INSERT INTO spoken (rowid, title) SELECT rowid, title FROM _snap_old_spoken;
DROP TABLE _snap_old_spoken;

-- step 3: undo: change virtual table own
-- ! REPOPULATE: virtual table own: the table is made anew and filled again
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_old_own AS SELECT rowid, title, body FROM own;
CREATE TABLE _snap_set_own AS SELECT k, v FROM own_config WHERE k <> 'version';
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5(title, body);
INSERT INTO own (own, rank) SELECT k, v FROM _snap_set_own;
DROP TABLE _snap_set_own;
INSERT INTO own (rowid, title, body) SELECT rowid, title, body FROM _snap_old_own;
DROP TABLE _snap_old_own;

-- step 2: undo: change virtual table columns
-- ! REPOPULATE: virtual table columns: the table is made anew and filled again
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_old_columns AS SELECT rowid, title FROM columns;
CREATE TABLE _snap_set_columns AS SELECT k, v FROM columns_config WHERE k <> 'version';
DROP TABLE columns;
CREATE VIRTUAL TABLE columns USING fts5(title, body);
INSERT INTO columns (columns, rank) SELECT k, v FROM _snap_set_columns;
DROP TABLE _snap_set_columns;
INSERT INTO columns (rowid, title) SELECT rowid, title FROM _snap_old_columns;
DROP TABLE _snap_old_columns;

-- step 1: undo: change virtual table area
-- ! REPOPULATE: virtual table area: the table is made anew and filled again
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_old_area AS SELECT id, x0, x1 FROM area;
DROP TABLE area;
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, +note);
INSERT INTO area (id, x0, x1) SELECT id, x0, x1 FROM _snap_old_area;
DROP TABLE _snap_old_area;

COMMIT;
