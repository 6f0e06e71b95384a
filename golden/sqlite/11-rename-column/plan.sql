.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: rename column orders.note to remark
ALTER TABLE orders RENAME COLUMN note TO remark;

-- step 2: rename table customer to client
ALTER TABLE customer RENAME TO client;

-- step 3: rename column client.mail to email
ALTER TABLE client RENAME COLUMN mail TO email;

-- step 4: add column client.phone
ALTER TABLE client ADD COLUMN phone TEXT;

COMMIT;
