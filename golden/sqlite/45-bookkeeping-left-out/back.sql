.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: undo: add column t.b
-- ! DATA_LOSS: column t.b: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN b;

COMMIT;
