.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: add column doc_extra.b
ALTER TABLE doc_extra ADD COLUMN b TEXT;

COMMIT;
