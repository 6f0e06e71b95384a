.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table author: add unique
-- ! DATA_DEPENDENT: table author: two rows that are equal in the key stop it
-- ! REWRITE: table author: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table author gets a key over (name); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM author WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_author (
  id INTEGER PRIMARY KEY,
  name TEXT UNIQUE
);
INSERT OR ABORT INTO _snap_new_author (id, name) SELECT id, name FROM author;
DROP TABLE author;
ALTER TABLE _snap_new_author RENAME TO author;

-- step 2: rebuild table loan: drop foreign key
-- ! REWRITE: table loan: the table is made anew and every row is copied
CREATE TABLE _snap_new_loan (
  id INTEGER PRIMARY KEY,
  shelf INTEGER,
  title TEXT
);
INSERT OR ABORT INTO _snap_new_loan (id, shelf, title) SELECT id, shelf, title FROM loan;
DROP TABLE loan;
ALTER TABLE _snap_new_loan RENAME TO loan;

-- step 3: drop table shelf
-- ! DATA_LOSS: table shelf: its rows are lost
DROP TABLE shelf;

COMMIT;
