.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rename table person to people
ALTER TABLE person RENAME TO people;

-- step 2: rename column people.fullname to name
ALTER TABLE people RENAME COLUMN fullname TO name;

-- step 3: drop index people.by_name (made again later)
DROP INDEX by_name;

-- step 4: rebuild table people: change column name
-- ! DATA_DEPENDENT: column people.name: a row that holds NULL stops it
-- ! REWRITE: table people: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column people.name becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM people WHERE name IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  boss INTEGER REFERENCES "people" (id)
);
INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_new_people', seq FROM sqlite_sequence WHERE name = 'people';
INSERT OR ABORT INTO _snap_new_people (id, name, boss) SELECT id, name, boss FROM people;
DROP TABLE people;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_people RENAME TO people;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER person_in AFTER INSERT ON "people" BEGIN INSERT INTO visit (who) VALUES (NEW.id); END;

-- step 5: create index people.by_name
-- ! INDEX_BUILD: index people.by_name: the table is read whole
CREATE INDEX by_name ON people (name COLLATE NOCASE);

COMMIT;
