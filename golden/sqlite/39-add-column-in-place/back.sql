.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 8: undo: add column t.g
-- ! DATA_LOSS: column t.g: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN g;

-- step 7: undo: add column t.f
-- ! DATA_LOSS: column t.f: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN f;

-- step 6: undo: add column t.e
-- ! DATA_LOSS: column t.e: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN e;

-- step 5: undo: add column t.d
ALTER TABLE t DROP COLUMN d;

-- step 4: undo: add column t.c
-- ! DATA_LOSS: column t.c: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN c;

-- step 3: undo: add column t.p
-- ! DATA_LOSS: column t.p: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN p;

-- step 2: undo: add column t.b
-- ! DATA_LOSS: column t.b: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN b;

-- step 1: undo: rebuild table computed: add column at, add column n
-- ! DATA_LOSS: column computed.n: its values are lost
-- ! REWRITE: table computed: DROP COLUMN rewrites every row
-- ! DATA_LOSS: column computed.at: its values are lost
-- ! REWRITE: table computed: DROP COLUMN rewrites every row
ALTER TABLE computed DROP COLUMN n;
ALTER TABLE computed DROP COLUMN at;

COMMIT;
