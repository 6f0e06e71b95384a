.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table customer: add column email
-- ! DATA_DEPENDENT: column customer.email: a new NOT NULL column without a default fits an empty table only
-- ! REWRITE: table customer: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column customer.email is NOT NULL and has no DEFAULT: give one, or fill it in a step of your own; rows in the way: ' || n) FROM (SELECT count(*) AS n FROM customer) WHERE n > 0;
CREATE TABLE _snap_new_customer (
  id INTEGER PRIMARY KEY,
  name TEXT,
  email TEXT NOT NULL
);
INSERT OR ABORT INTO _snap_new_customer (id, name) SELECT id, name FROM customer;
DROP TABLE customer;
ALTER TABLE _snap_new_customer RENAME TO customer;

-- step 2: add column other.b
ALTER TABLE other ADD COLUMN b TEXT;

COMMIT;
