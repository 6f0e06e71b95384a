.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 8: undo: create view v
DROP VIEW v;

-- step 7: undo: rebuild table c: drop column gone, drop unique
-- ! REWRITE: table c: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_c (
  id INTEGER PRIMARY KEY,
  keep TEXT,
  gone TEXT UNIQUE
);
INSERT OR ABORT INTO _snap_new_c (id, keep) SELECT id, keep FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;

-- step 6: undo: rebuild table b: drop check, drop column gone
-- ! DATA_DEPENDENT: check of b: a row that does not fit the CHECK stops it
-- ! REWRITE: table b: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_b (
  id INTEGER PRIMARY KEY,
  keep TEXT,
  gone TEXT,
  CHECK (gone <> keep)
);
INSERT OR ABORT INTO _snap_new_b (id, keep) SELECT id, keep FROM b;
DROP TABLE b;
ALTER TABLE _snap_new_b RENAME TO b;

-- step 5: undo: drop column d.gone
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE d ADD COLUMN gone TEXT CHECK (gone <> '') REFERENCES c (gone);

-- step 4: undo: drop column a.gone
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE a ADD COLUMN gone TEXT;

-- step 3: undo: drop index a.a_gone
-- ! INDEX_BUILD: index a.a_gone: the table is read whole
CREATE INDEX a_gone ON a (gone);

-- step 2: undo: drop view v (made again later)
CREATE VIEW v AS SELECT keep, gone FROM a;

-- step 1: undo: drop trigger a.t
CREATE TRIGGER t AFTER UPDATE OF gone ON a BEGIN UPDATE a SET keep = NEW.gone WHERE id = NEW.id; END;

COMMIT;
