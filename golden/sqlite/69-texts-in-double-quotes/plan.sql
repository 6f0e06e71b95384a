.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table o: add column w, add column Order
-- ! DATA_DEPENDENT: column o.w: a new NOT NULL column without a default fits an empty table only
-- ! REWRITE: table o: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column o.w is NOT NULL and has no DEFAULT: give one, or fill it in a step of your own; rows in the way: ' || n) FROM (SELECT count(*) AS n FROM o) WHERE n > 0;
CREATE TABLE _snap_new_o (
  a,
  w NOT NULL,
  "Order" INT
);
INSERT OR ABORT INTO _snap_new_o (rowid, a) SELECT rowid, a FROM o;
DROP TABLE o;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_o RENAME TO o;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER g AFTER INSERT ON o BEGIN DELETE FROM o WHERE "Order" = 'zz'; END;

-- step 2: rebuild table t: change column b
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! DATA_LOSS: column t.b: its values give way to the generated ones
CREATE TABLE _snap_new_t (
  a INT,
  b INT AS (a * 2)
);
INSERT OR ABORT INTO _snap_new_t (rowid, a) SELECT rowid, a FROM t;
DROP TABLE t;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_t RENAME TO t;
PRAGMA legacy_alter_table = off;

-- step 3: create index s.i
-- ! INDEX_BUILD: index s.i: the table is read whole
CREATE INDEX i ON s ("nope");

COMMIT;
