.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: undo: rebuild table t: drop column gone
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE t ADD COLUMN gone TEXT;

COMMIT;
