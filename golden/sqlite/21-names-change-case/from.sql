CREATE TABLE Person (id INTEGER PRIMARY KEY, Name TEXT, boss INTEGER REFERENCES Person (id));
CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES Person (id), Nick TEXT);
CREATE TABLE plain (a TEXT, b TEXT);
CREATE TABLE itself (a TEXT CHECK (itself.a <> ''));
CREATE INDEX pet_owner ON pet (owner);
CREATE VIEW People AS SELECT id, name FROM person;
CREATE TRIGGER pet_gone AFTER DELETE ON pet BEGIN UPDATE person SET name = name || '-' WHERE id = OLD.owner; END;
