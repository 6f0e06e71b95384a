.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 4: undo: create trigger birthday.birthday_moved
DROP TRIGGER birthday_moved;

-- step 3: undo: create view birthday
DROP VIEW birthday;

-- step 2: undo: rebuild table person: change column born, change column name, add column left_on
-- ! DATA_LOSS: column person.left_on: its values are lost
-- ! REWRITE: table person: the table is made anew and every row is copied
CREATE TABLE _snap_new_person (
  id INTEGER PRIMARY KEY,
  name TEXT,
  born TEXT
);
INSERT OR ABORT INTO _snap_new_person (id, name, born) SELECT id, name, born FROM person;
DROP TABLE person;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_person RENAME TO person;
PRAGMA legacy_alter_table = off;

-- step 1: undo: drop view birthday (made again later)
CREATE VIEW birthday AS SELECT id, substr(born, 6) AS day FROM person;
CREATE TRIGGER birthday_moved INSTEAD OF UPDATE ON birthday
BEGIN
  UPDATE person SET born = substr(born, 1, 5) || NEW.day WHERE id = NEW.id;
END;

COMMIT;
