.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 9: undo: create table right_hand
-- ! DATA_LOSS: table right_hand: its rows are lost
DROP TABLE right_hand;

-- step 8: undo: create table left_hand
-- ! DATA_LOSS: table left_hand: its rows are lost
DROP TABLE left_hand;

-- step 7: undo: create view b
DROP VIEW b;

-- step 6: undo: create view a
DROP VIEW a;

-- step 5: undo: rebuild table tree: drop column name, change foreign key
-- ! REWRITE: table tree: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_tree (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES tree (id) ON DELETE CASCADE,
  name TEXT
);
INSERT OR ABORT INTO _snap_new_tree (id, parent) SELECT id, parent FROM tree;
DROP TABLE tree;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_tree RENAME TO tree;
PRAGMA legacy_alter_table = off;

-- step 4: undo: rebuild table egg: change foreign key
-- ! REWRITE: table egg: the table is made anew and every row is copied
CREATE TABLE _snap_new_egg (
  id INTEGER PRIMARY KEY,
  chicken INTEGER REFERENCES chicken (id)
);
INSERT OR ABORT INTO _snap_new_egg (id, chicken) SELECT id, chicken FROM egg;
DROP TABLE egg;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_egg RENAME TO egg;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER half AFTER DELETE ON egg BEGIN INSERT INTO nowhere VALUES (OLD.id); END;

-- step 3: undo: rebuild table chicken: change column egg
-- ! REWRITE: table chicken: the table is made anew and every row is copied
CREATE TABLE _snap_new_chicken (
  id INTEGER PRIMARY KEY,
  egg INTEGER REFERENCES egg (id)
);
INSERT OR ABORT INTO _snap_new_chicken (id, egg) SELECT id, egg FROM chicken;
DROP TABLE chicken;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_chicken RENAME TO chicken;
PRAGMA legacy_alter_table = off;

-- step 2: undo: drop view a (made again later)
CREATE VIEW a AS SELECT id FROM tree WHERE parent IS NULL;

-- step 1: undo: drop view b (made again later)
CREATE VIEW b AS SELECT id FROM a;

COMMIT;
