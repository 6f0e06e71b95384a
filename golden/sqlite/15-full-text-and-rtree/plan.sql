.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: change virtual table area
-- ! CONVERT: virtual table area: bounds are stored as whole numbers
-- ! REPOPULATE: virtual table area: the table is made anew and filled again
CREATE TABLE _snap_old_area AS SELECT id, x0, x1 FROM area;
DROP TABLE area;
CREATE VIRTUAL TABLE area USING rtree_i32(id, x0, x1);
INSERT INTO area (id, x0, x1) SELECT id, x0, x1 FROM _snap_old_area;
DROP TABLE _snap_old_area;

-- step 2: create virtual table fresh
CREATE VIRTUAL TABLE fresh USING fts5(a, prefix = '2 3');

-- step 3: change virtual table outside
-- ! REPOPULATE: virtual table outside: the table is made anew and filled again
CREATE TABLE _snap_set_outside AS SELECT k, v FROM outside_config WHERE k <> 'version';
DROP TABLE outside;
CREATE VIRTUAL TABLE outside USING fts5(title, body, content = 'page', content_rowid = 'id');
INSERT INTO outside (outside, rank) SELECT k, v FROM _snap_set_outside;
DROP TABLE _snap_set_outside;
INSERT INTO outside (outside) VALUES ('rebuild');

-- step 4: change virtual table own
-- ! REPOPULATE: virtual table own: the table is made anew and filled again
CREATE TABLE _snap_old_own AS SELECT rowid, title, body FROM own;
CREATE TABLE _snap_set_own AS SELECT k, v FROM own_config WHERE k <> 'version';
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5(title, body, author UNINDEXED, tokenize = 'porter');
INSERT INTO own (own, rank) SELECT k, v FROM _snap_set_own;
DROP TABLE _snap_set_own;
INSERT INTO own (rowid, title, body) SELECT rowid, title, body FROM _snap_old_own;
DROP TABLE _snap_old_own;

-- step 5: change virtual table Whole
-- ! REPOPULATE: virtual table whole: the table is made anew and filled again
CREATE TABLE _snap_old_whole AS SELECT id, x0, x1, y0, y1, name FROM whole;
DROP TABLE whole;
CREATE VIRTUAL TABLE Whole USING rtree(id, x0, x1, y0, y1, +name);
INSERT INTO Whole (id, x0, x1, y0, y1, name) SELECT id, x0, x1, y0, y1, name FROM _snap_old_whole;
DROP TABLE _snap_old_whole;

-- step 6: drop virtual table old
-- ! DATA_LOSS: virtual table old: its rows are lost
DROP TABLE old;

COMMIT;
