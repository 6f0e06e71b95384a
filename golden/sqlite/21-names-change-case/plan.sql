.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop trigger pet.Pet_Gone (made again later)
DROP TRIGGER pet_gone;

-- step 2: drop view people (made again later)
DROP VIEW People;

-- step 3: drop index pet.Pet_Owner (made again later)
DROP INDEX pet_owner;

-- step 4: rebuild table Itself
-- ! REWRITE: table itself: the table is made anew and every row is copied
CREATE TABLE _snap_old_itself AS SELECT rowid AS c1, a AS c2 FROM itself;
DROP TABLE itself;
CREATE TABLE Itself (
  a TEXT CHECK (itself.a <> '')
);
INSERT OR ABORT INTO Itself (rowid, a) SELECT c1, c2 FROM _snap_old_itself;
DROP TABLE _snap_old_itself;

-- step 5: change table person: change column NAME
PRAGMA legacy_alter_table = on;
ALTER TABLE Person RENAME TO _snap_new_Person;
ALTER TABLE _snap_new_Person RENAME TO person;
PRAGMA legacy_alter_table = off;
ALTER TABLE Person RENAME COLUMN Name TO NAME;

-- step 6: change column pet.nick
ALTER TABLE pet RENAME COLUMN Nick TO nick;

-- step 7: change column plain.B
ALTER TABLE plain RENAME COLUMN b TO B;

-- step 8: create index pet.Pet_Owner
-- ! INDEX_BUILD: index pet.Pet_Owner: the table is read whole
CREATE INDEX Pet_Owner ON pet (owner);

-- step 9: create view people
CREATE VIEW people AS SELECT id, name FROM person;

-- step 10: create trigger pet.Pet_Gone
CREATE TRIGGER Pet_Gone AFTER DELETE ON pet BEGIN UPDATE person SET name = name || '-' WHERE id = OLD.owner; END;

COMMIT;
