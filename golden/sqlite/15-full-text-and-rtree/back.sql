.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 6: undo: drop virtual table old
-- ! this restores the schema and not the rows or values that were lost
CREATE VIRTUAL TABLE old USING fts4(text);

-- step 5: undo: change virtual table Whole
-- ! REPOPULATE: virtual table Whole: the table is made anew and filled again
CREATE TABLE _snap_old_Whole AS SELECT id, x0, x1, y0, y1, name FROM Whole;
DROP TABLE Whole;
CREATE VIRTUAL TABLE whole USING rtree(id, x0, x1, y0, y1, +name);
INSERT INTO whole (id, x0, x1, y0, y1, name) SELECT id, x0, x1, y0, y1, name FROM _snap_old_Whole;
DROP TABLE _snap_old_Whole;

-- step 4: undo: change virtual table own
-- ! DATA_LOSS: virtual table own: the values of its column author are lost
-- ! REPOPULATE: virtual table own: the table is made anew and filled again
CREATE TABLE _snap_old_own AS SELECT rowid, title, body FROM own;
CREATE TABLE _snap_set_own AS SELECT k, v FROM own_config WHERE k <> 'version';
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5(title, body);
INSERT INTO own (own, rank) SELECT k, v FROM _snap_set_own;
DROP TABLE _snap_set_own;
INSERT INTO own (rowid, title, body) SELECT rowid, title, body FROM _snap_old_own;
DROP TABLE _snap_old_own;

-- step 3: undo: change virtual table outside
-- ! REPOPULATE: virtual table outside: the table is made anew and filled again
CREATE TABLE _snap_set_outside AS SELECT k, v FROM outside_config WHERE k <> 'version';
DROP TABLE outside;
CREATE VIRTUAL TABLE outside USING fts5(title, content = 'page', content_rowid = 'id');
INSERT INTO outside (outside, rank) SELECT k, v FROM _snap_set_outside;
DROP TABLE _snap_set_outside;
INSERT INTO outside (outside) VALUES ('rebuild');

-- step 2: undo: create virtual table fresh
-- ! DATA_LOSS: virtual table fresh: its rows are lost
DROP TABLE fresh;

-- step 1: undo: change virtual table area
-- ! CONVERT: virtual table area: bounds are stored as floats of 32 bits
-- ! REPOPULATE: virtual table area: the table is made anew and filled again
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_old_area AS SELECT id, x0, x1 FROM area;
DROP TABLE area;
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1);
INSERT INTO area (id, x0, x1) SELECT id, x0, x1 FROM _snap_old_area;
DROP TABLE _snap_old_area;

COMMIT;
