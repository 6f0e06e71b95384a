.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 5: undo: add column t.b
-- ! DATA_LOSS: column t.b: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN b;

-- step 4: undo: change pragma user_version
PRAGMA user_version = 3;

COMMIT;

-- step 3: undo: create pragma page_size
-- ! FILE_REWRITE: pragma page_size: VACUUM rewrites the file
-- ! NO_TRANSACTION: pragma page_size: VACUUM runs outside every transaction
-- not in a transaction:
PRAGMA page_size = 4096;
VACUUM;

-- step 2: undo: create pragma auto_vacuum
-- ! FILE_REWRITE: pragma auto_vacuum: VACUUM rewrites the file
-- ! NO_TRANSACTION: pragma auto_vacuum: VACUUM runs outside every transaction
-- not in a transaction:
PRAGMA auto_vacuum = 0;
VACUUM;

BEGIN IMMEDIATE;

-- step 1: undo: drop pragma application_id
PRAGMA application_id = 1196444487;

COMMIT;
