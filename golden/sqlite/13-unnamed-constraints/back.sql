.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table t: add check, add check, drop check and 6 more
-- ! DATA_DEPENDENT: check of t: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: check of t: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: check t.has_c: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: table t: two rows that are equal in the key stop it
-- ! REWRITE: table t: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table t gets a key over (b, c); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM t WHERE b IS NOT NULL AND c IS NOT NULL GROUP BY b, c HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_t (
  a INTEGER CHECK (a < 100) CHECK (a > 0),
  b TEXT,
  c TEXT,
  CHECK (length(b) < 10),
  CONSTRAINT has_c CHECK (c <> ''),
  FOREIGN KEY (a) REFERENCES p (id),
  UNIQUE (c),
  UNIQUE (b, c)
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b, c) SELECT rowid, a, b, c FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
