.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 8: undo: create trigger v1.v_in
DROP TRIGGER v_in;

-- step 7: undo: create trigger b.b_in
DROP TRIGGER b_in;

-- step 6: undo: create view v2
DROP VIEW v2;

-- step 5: undo: create view v1
DROP VIEW v1;

-- step 4: undo: create index b.b_word
DROP INDEX b_word;

-- step 3: undo: create virtual table f
-- ! DATA_LOSS: virtual table f: its rows are lost
DROP TABLE f;

-- step 2: undo: create table b
-- ! DATA_LOSS: table b: its rows are lost
DROP TABLE b;

-- step 1: undo: create table a
-- ! DATA_LOSS: table a: its rows are lost
DROP TABLE a;

COMMIT;
