.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: add column t.b
ALTER TABLE t ADD COLUMN b TEXT;

COMMIT;
