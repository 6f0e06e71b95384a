.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 2: undo: add column other.b
-- ! DATA_LOSS: column other.b: its values are lost
-- ! REWRITE: table other: DROP COLUMN rewrites every row
ALTER TABLE other DROP COLUMN b;

-- step 1: undo: rebuild table customer: add column email
-- ! DATA_LOSS: column customer.email: its values are lost
-- ! REWRITE: table customer: DROP COLUMN rewrites every row
ALTER TABLE customer DROP COLUMN email;

COMMIT;
