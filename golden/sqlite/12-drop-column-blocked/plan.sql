.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop trigger a.t
DROP TRIGGER t;

-- step 2: drop view v (made again later)
DROP VIEW v;

-- step 3: drop index a.a_gone
DROP INDEX a_gone;

-- step 4: drop column a.gone
-- ! DATA_LOSS: column a.gone: its values are lost
-- ! REWRITE: table a: DROP COLUMN rewrites every row
ALTER TABLE a DROP COLUMN gone;

-- step 5: drop column d.gone
-- ! DATA_LOSS: column d.gone: its values are lost
-- ! REWRITE: table d: DROP COLUMN rewrites every row
ALTER TABLE d DROP COLUMN gone;

-- step 6: rebuild table b: drop check, drop column gone
-- ! REWRITE: table b: the table is made anew and every row is copied
-- ! DATA_LOSS: column b.gone: its values are lost
CREATE TABLE _snap_new_b (
  id INTEGER PRIMARY KEY,
  keep TEXT
);
INSERT OR ABORT INTO _snap_new_b (id, keep) SELECT id, keep FROM b;
DROP TABLE b;
ALTER TABLE _snap_new_b RENAME TO b;

-- step 7: rebuild table c: drop column gone, drop unique
-- ! REWRITE: table c: the table is made anew and every row is copied
-- ! DATA_LOSS: column c.gone: its values are lost
CREATE TABLE _snap_new_c (
  id INTEGER PRIMARY KEY,
  keep TEXT
);
INSERT OR ABORT INTO _snap_new_c (id, keep) SELECT id, keep FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;

-- step 8: create view v
CREATE VIEW v AS SELECT keep FROM a;

COMMIT;
