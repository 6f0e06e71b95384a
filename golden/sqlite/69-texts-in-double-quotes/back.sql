.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 3: undo: create index s.i
DROP INDEX i;

-- step 2: undo: rebuild table t: change column b
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_new_t (
  a INT,
  b INT
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b) SELECT rowid, a, b FROM t;
DROP TABLE t;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_t RENAME TO t;
PRAGMA legacy_alter_table = off;

-- step 1: undo: rebuild table o: add column w, add column Order
-- ! DATA_LOSS: column o.Order: its values are lost
-- ! REWRITE: table o: the table is made anew and every row is copied
-- ! DATA_LOSS: column o.w: its values are lost
CREATE TABLE _snap_new_o (
  a
);
INSERT OR ABORT INTO _snap_new_o (rowid, a) SELECT rowid, a FROM o;
DROP TABLE o;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_o RENAME TO o;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER g AFTER INSERT ON o BEGIN DELETE FROM o WHERE "Order" = 'zz'; END;

COMMIT;
