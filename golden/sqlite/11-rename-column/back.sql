.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 4: undo: add column client.phone
-- ! DATA_LOSS: column client.phone: its values are lost
-- ! REWRITE: table client: DROP COLUMN rewrites every row
ALTER TABLE client DROP COLUMN phone;

-- step 3: undo: rename column client.mail to email
ALTER TABLE client RENAME COLUMN email TO mail;

-- step 2: undo: rename table customer to client
ALTER TABLE client RENAME TO customer;

-- step 1: undo: rename column orders.note to remark
ALTER TABLE orders RENAME COLUMN remark TO note;

COMMIT;
