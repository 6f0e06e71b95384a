.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 4: undo: add column b.x
-- ! DATA_LOSS: column b.x: its values are lost
-- ! REWRITE: table b: DROP COLUMN rewrites every row
ALTER TABLE b DROP COLUMN x;

-- step 3: undo: add column a.y
-- ! DATA_LOSS: column a.y: its values are lost
-- ! REWRITE: table a: DROP COLUMN rewrites every row
ALTER TABLE a DROP COLUMN y;

-- step 2: undo: drop column b.y
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE b ADD COLUMN y INTEGER;

-- step 1: undo: drop column a.x
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE a ADD COLUMN x TEXT;

COMMIT;
