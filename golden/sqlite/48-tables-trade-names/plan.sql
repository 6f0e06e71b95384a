.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop column a.x
-- ! DATA_LOSS: column a.x: its values are lost
-- ! REWRITE: table a: DROP COLUMN rewrites every row
ALTER TABLE a DROP COLUMN x;

-- step 2: drop column b.y
-- ! DATA_LOSS: column b.y: its values are lost
-- ! REWRITE: table b: DROP COLUMN rewrites every row
ALTER TABLE b DROP COLUMN y;

-- step 3: add column a.y
ALTER TABLE a ADD COLUMN y INTEGER;

-- step 4: add column b.x
ALTER TABLE b ADD COLUMN x TEXT;

COMMIT;
