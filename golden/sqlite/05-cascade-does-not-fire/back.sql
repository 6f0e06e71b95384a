.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 3: undo: drop table shelf
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE shelf (
  id INTEGER PRIMARY KEY,
  place TEXT
);

-- step 2: undo: rebuild table loan: drop foreign key
-- ! DATA_DEPENDENT: table loan: a row without a parent stops it
-- ! REWRITE: table loan: the table is made anew and every row is copied
CREATE TABLE _snap_new_loan (
  id INTEGER PRIMARY KEY,
  shelf INTEGER REFERENCES shelf (id) ON DELETE CASCADE,
  title TEXT
);
INSERT OR ABORT INTO _snap_new_loan (id, shelf, title) SELECT id, shelf, title FROM loan;
DROP TABLE loan;
ALTER TABLE _snap_new_loan RENAME TO loan;
SELECT json_extract('{}', 'snap: foreign key loan (shelf) references shelf on delete cascade; rows without a parent: ' || n) FROM (SELECT count(*) AS n FROM loan AS c WHERE c.shelf IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shelf AS p WHERE p.id = +c.shelf)) WHERE n > 0;

-- step 1: undo: rebuild table author: add unique
-- ! REWRITE: table author: the table is made anew and every row is copied
CREATE TABLE _snap_new_author (
  id INTEGER PRIMARY KEY,
  name TEXT
);
INSERT OR ABORT INTO _snap_new_author (id, name) SELECT id, name FROM author;
DROP TABLE author;
ALTER TABLE _snap_new_author RENAME TO author;

COMMIT;
