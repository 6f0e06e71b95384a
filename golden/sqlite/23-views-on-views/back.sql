.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 7: undo: create view a_new
DROP VIEW a_new;

-- step 6: undo: create view v2
DROP VIEW v2;

-- step 5: undo: create view v1
DROP VIEW v1;

-- step 4: undo: rebuild table t: change column b
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  a INTEGER,
  b INTEGER
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b) SELECT rowid, a, b FROM t;
DROP TABLE t;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_t RENAME TO t;
PRAGMA legacy_alter_table = off;

-- step 3: undo: drop view v1 (made again later)
CREATE VIEW v1 AS SELECT a, b FROM t;

-- step 2: undo: drop view v2 (made again later)
CREATE VIEW v2 (x, y) AS SELECT a, b FROM v1;

-- step 1: undo: drop view old
CREATE VIEW old AS SELECT * FROM v4;

COMMIT;
