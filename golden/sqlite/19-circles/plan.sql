.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop view b (made again later)
DROP VIEW b;

-- step 2: drop view a (made again later)
DROP VIEW a;

-- step 3: rebuild table chicken: change column egg
-- ! DATA_DEPENDENT: column chicken.egg: a row that holds NULL stops it
-- ! REWRITE: table chicken: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column chicken.egg becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM chicken WHERE egg IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_chicken (
  id INTEGER PRIMARY KEY,
  egg INTEGER NOT NULL DEFAULT 0 REFERENCES egg (id)
);
INSERT OR ABORT INTO _snap_new_chicken (id, egg) SELECT id, egg FROM chicken;
DROP TABLE chicken;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_chicken RENAME TO chicken;
PRAGMA legacy_alter_table = off;

-- step 4: rebuild table egg: change foreign key
-- ! REWRITE: table egg: the table is made anew and every row is copied
CREATE TABLE _snap_new_egg (
  id INTEGER PRIMARY KEY,
  chicken INTEGER REFERENCES chicken (id) ON DELETE SET NULL
);
INSERT OR ABORT INTO _snap_new_egg (id, chicken) SELECT id, chicken FROM egg;
DROP TABLE egg;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_egg RENAME TO egg;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER half AFTER DELETE ON egg BEGIN INSERT INTO nowhere VALUES (OLD.id); END;

-- step 5: rebuild table tree: drop column name, change foreign key
-- ! DATA_LOSS: column tree.name: its values are lost
-- ! REWRITE: table tree: the table is made anew and every row is copied
CREATE TABLE _snap_new_tree (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES tree (id)
);
INSERT OR ABORT INTO _snap_new_tree (id, parent) SELECT id, parent FROM tree;
DROP TABLE tree;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_tree RENAME TO tree;
PRAGMA legacy_alter_table = off;

-- step 6: create view a
CREATE VIEW a AS SELECT id, parent FROM tree WHERE parent IS NULL;

-- step 7: create view b
CREATE VIEW b AS SELECT id, parent FROM a;

-- step 8: create table left_hand
CREATE TABLE left_hand (
  id INTEGER PRIMARY KEY,
  right_hand INTEGER REFERENCES right_hand
);

-- step 9: create table right_hand
CREATE TABLE right_hand (
  id INTEGER PRIMARY KEY,
  left_hand INTEGER REFERENCES left_hand
);

COMMIT;
