.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

-- step 1: create pragma encoding
-- not in a transaction:
PRAGMA encoding = 'UTF-16le';

BEGIN IMMEDIATE;

-- step 2: create table t
CREATE TABLE t (
  a TEXT
);

COMMIT;
