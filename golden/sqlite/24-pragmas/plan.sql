.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop pragma application_id
PRAGMA application_id = 0;

COMMIT;

-- step 2: create pragma auto_vacuum
-- ! FILE_REWRITE: pragma auto_vacuum: VACUUM rewrites the file
-- ! NO_TRANSACTION: pragma auto_vacuum: VACUUM runs outside every transaction
-- not in a transaction:
PRAGMA auto_vacuum = 1;
VACUUM;

-- step 3: create pragma page_size
-- ! FILE_REWRITE: pragma page_size: VACUUM rewrites the file
-- ! NO_TRANSACTION: pragma page_size: VACUUM runs outside every transaction
-- not in a transaction:
PRAGMA page_size = 8192;
VACUUM;

BEGIN IMMEDIATE;

-- step 4: change pragma user_version
PRAGMA user_version = -7;

-- step 5: add column t.b
ALTER TABLE t ADD COLUMN b TEXT;

COMMIT;
