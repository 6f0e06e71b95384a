.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop view birthday (made again later)
DROP VIEW birthday;

-- step 2: rebuild table person: change column born, change column name, add column left_on
-- ! DATA_DEPENDENT: column person.name: a row that holds NULL stops it
-- ! REWRITE: table person: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column person.name becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM person WHERE name IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_person (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  born VARCHAR(10),
  left_on DATE
);
INSERT OR ABORT INTO _snap_new_person (id, name, born) SELECT id, name, born FROM person;
DROP TABLE person;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_person RENAME TO person;
PRAGMA legacy_alter_table = off;

-- step 3: create view birthday
CREATE VIEW birthday AS SELECT id, substr(born, 6) AS day, left_on FROM person;

-- step 4: create trigger birthday.birthday_moved
CREATE TRIGGER birthday_moved INSTEAD OF UPDATE ON birthday
BEGIN
  UPDATE person SET born = substr(born, 1, 5) || NEW.day WHERE id = NEW.id;
END;

COMMIT;
