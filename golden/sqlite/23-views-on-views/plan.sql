.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop view old
DROP VIEW old;

-- step 2: drop view v2 (made again later)
DROP VIEW v2;

-- step 3: drop view v1 (made again later)
DROP VIEW v1;

-- step 4: rebuild table t: change column b
-- ! DATA_DEPENDENT: column t.b: a row that holds NULL stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t.b becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM t WHERE b IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_t (
  a INTEGER,
  b INTEGER NOT NULL DEFAULT 0
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b) SELECT rowid, a, b FROM t;
DROP TABLE t;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_t RENAME TO t;
PRAGMA legacy_alter_table = off;

-- step 5: create view v1
CREATE VIEW v1 AS SELECT a, b FROM t WHERE a IS NOT NULL;

-- step 6: create view v2
CREATE VIEW v2 (x, z) AS SELECT a, b FROM v1;

-- step 7: create view a_new
CREATE VIEW a_new AS SELECT z FROM v2, v4;

COMMIT;
