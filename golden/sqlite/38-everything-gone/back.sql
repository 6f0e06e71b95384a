.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 6: undo: drop table parent
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE parent (
  id INTEGER PRIMARY KEY
);
CREATE TRIGGER t AFTER DELETE ON parent BEGIN DELETE FROM child WHERE parent = OLD.id; END;

-- step 5: undo: drop table child
-- ! INDEX_BUILD: index child.child_parent: the table is read whole
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE child (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES parent (id) ON DELETE RESTRICT
);
CREATE INDEX child_parent ON child (parent);

-- step 4: undo: drop table grandchild
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE grandchild (
  child INTEGER REFERENCES child
);

-- step 3: undo: drop virtual table f
-- ! this restores the schema and not the rows or values that were lost
CREATE VIRTUAL TABLE f USING fts5(a);

-- step 2: undo: drop view v
CREATE VIEW v AS SELECT id FROM child;

-- step 1: undo: drop view w
CREATE VIEW w AS SELECT id FROM v;

COMMIT;
