CREATE TABLE person (id INTEGER PRIMARY KEY, NAME TEXT, boss INTEGER REFERENCES Person (id));
CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES Person (id), nick TEXT);
CREATE TABLE plain (a TEXT, B TEXT);
CREATE TABLE Itself (a TEXT CHECK (itself.a <> ''));
CREATE INDEX Pet_Owner ON pet (owner);
CREATE VIEW people AS SELECT id, name FROM person;
CREATE TRIGGER Pet_Gone AFTER DELETE ON pet BEGIN UPDATE person SET name = name || '-' WHERE id = OLD.owner; END;
