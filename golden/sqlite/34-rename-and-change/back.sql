.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 5: undo: create index people.by_name
DROP INDEX by_name;

-- step 4: undo: rebuild table people: change column name
-- ! REWRITE: table people: the table is made anew and every row is copied
CREATE TABLE _snap_new_people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT,
  boss INTEGER REFERENCES "people" (id)
);
INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_new_people', seq FROM sqlite_sequence WHERE name = 'people';
INSERT OR ABORT INTO _snap_new_people (id, name, boss) SELECT id, name, boss FROM people;
DROP TABLE people;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_people RENAME TO people;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER person_in AFTER INSERT ON "people" BEGIN INSERT INTO visit (who) VALUES (NEW.id); END;

-- step 3: undo: drop index people.by_name (made again later)
-- ! INDEX_BUILD: index people.by_name: the table is read whole
CREATE INDEX by_name ON "people" (name);

-- step 2: undo: rename column people.fullname to name
ALTER TABLE people RENAME COLUMN name TO fullname;

-- step 1: undo: rename table person to people
ALTER TABLE people RENAME TO person;

COMMIT;
