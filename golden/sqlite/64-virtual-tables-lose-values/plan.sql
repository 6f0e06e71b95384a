.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: change virtual table area
-- ! DATA_LOSS: virtual table area: the values of its column note are lost
-- ! REPOPULATE: virtual table area: the table is made anew and filled again
CREATE TABLE _snap_old_area AS SELECT id, x0, x1 FROM area;
DROP TABLE area;
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1);
INSERT INTO area (id, x0, x1) SELECT id, x0, x1 FROM _snap_old_area;
DROP TABLE _snap_old_area;

-- step 2: change virtual table columns
-- ! DATA_LOSS: virtual table columns: the values of its column body are lost
-- ! REPOPULATE: virtual table columns: the table is made anew and filled again
CREATE TABLE _snap_old_columns AS SELECT rowid, title FROM columns;
CREATE TABLE _snap_set_columns AS SELECT k, v FROM columns_config WHERE k <> 'version';
DROP TABLE columns;
CREATE VIRTUAL TABLE columns USING fts5(title);
INSERT INTO columns (columns, rank) SELECT k, v FROM _snap_set_columns;
DROP TABLE _snap_set_columns;
INSERT INTO columns (rowid, title) SELECT rowid, title FROM _snap_old_columns;
DROP TABLE _snap_old_columns;

-- step 3: change virtual table own
-- ! DATA_LOSS: virtual table own: its own text gives way to that of its content table
-- ! REPOPULATE: virtual table own: the table is made anew and filled again
CREATE TABLE _snap_set_own AS SELECT k, v FROM own_config WHERE k <> 'version';
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5(title, body, content = 'doc');
INSERT INTO own (own, rank) SELECT k, v FROM _snap_set_own;
DROP TABLE _snap_set_own;
INSERT INTO own (own) VALUES ('rebuild');

-- step 4: change virtual table spoken
-- ! DATA_LOSS: virtual table spoken: the values of its column lid are lost
-- ! REPOPULATE: virtual table spoken: the table is made anew and filled again, without its automerge setting
CREATE TABLE _snap_old_spoken AS SELECT rowid, title FROM spoken;
DROP TABLE spoken;
CREATE VIRTUAL TABLE spoken USING fts4(title);
INSERT INTO spoken (rowid, title) SELECT rowid, title FROM _snap_old_spoken;
DROP TABLE _snap_old_spoken;

-- step 5: change virtual table still
-- ! REPOPULATE: virtual table still: the table is made anew and filled again, without its automerge setting
CREATE TABLE _snap_old_still AS SELECT rowid, title, lid FROM still;
DROP TABLE still;
CREATE VIRTUAL TABLE still USING fts4(title, languageid=lid, tokenize=porter);
INSERT INTO still (rowid, title, lid) SELECT rowid, title, lid FROM _snap_old_still;
DROP TABLE _snap_old_still;

COMMIT;
