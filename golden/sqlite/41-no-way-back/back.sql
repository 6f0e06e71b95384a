.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 2: undo: create table t
-- ! DATA_LOSS: table t: its rows are lost
DROP TABLE t;

-- step 1: undo: create pragma encoding
SELECT snap_irreversible('pragma encoding: a database keeps the encoding that it was made with');

COMMIT;
