.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: undo: add column doc_extra.b
-- ! DATA_LOSS: column doc_extra.b: its values are lost
-- ! REWRITE: table doc_extra: DROP COLUMN rewrites every row
ALTER TABLE doc_extra DROP COLUMN b;

COMMIT;
