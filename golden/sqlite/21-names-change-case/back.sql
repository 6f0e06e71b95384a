.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 10: undo: create trigger pet.Pet_Gone
DROP TRIGGER Pet_Gone;

-- step 9: undo: create view people
DROP VIEW people;

-- step 8: undo: create index pet.Pet_Owner
DROP INDEX Pet_Owner;

-- step 7: undo: change column plain.B
ALTER TABLE plain RENAME COLUMN B TO b;

-- step 6: undo: change column pet.nick
ALTER TABLE pet RENAME COLUMN nick TO Nick;

-- step 5: undo: change table person: change column NAME
PRAGMA legacy_alter_table = on;
ALTER TABLE person RENAME TO _snap_new_person;
ALTER TABLE _snap_new_person RENAME TO Person;
PRAGMA legacy_alter_table = off;
ALTER TABLE person RENAME COLUMN NAME TO Name;

-- step 4: undo: rebuild table Itself
-- ! REWRITE: table Itself: the table is made anew and every row is copied
CREATE TABLE _snap_old_Itself AS SELECT rowid AS c1, a AS c2 FROM Itself;
DROP TABLE Itself;
CREATE TABLE itself (
  a TEXT CHECK (itself.a <> '')
);
INSERT OR ABORT INTO itself (rowid, a) SELECT c1, c2 FROM _snap_old_Itself;
DROP TABLE _snap_old_Itself;

-- step 3: undo: drop index pet.Pet_Owner (made again later)
-- ! INDEX_BUILD: index pet.pet_owner: the table is read whole
CREATE INDEX pet_owner ON pet (owner);

-- step 2: undo: drop view people (made again later)
CREATE VIEW People AS SELECT id, name FROM person;

-- step 1: undo: drop trigger pet.Pet_Gone (made again later)
CREATE TRIGGER pet_gone AFTER DELETE ON pet BEGIN UPDATE person SET name = name || '-' WHERE id = OLD.owner; END;

COMMIT;
