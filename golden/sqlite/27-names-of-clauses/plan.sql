.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: add check c_above_zero, drop check c_positive, change column a and 5 more
-- ! DATA_DEPENDENT: check t.c_above_zero: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: table t: two rows that are equal in the key stop it
-- ! REWRITE: table t: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table t gets a key over (d); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM t WHERE d IS NOT NULL GROUP BY d HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_t (
  a TEXT CONSTRAINT a_given NOT NULL,
  b TEXT DEFAULT 'x' CONSTRAINT b_folds COLLATE NOCASE,
  c INTEGER CONSTRAINT c_above_zero CHECK (c > 0),
  d INTEGER UNIQUE,
  e INTEGER CONSTRAINT "e to u" REFERENCES u (id)
);
INSERT OR ABORT INTO _snap_new_t (rowid, a, b, c, d, e) SELECT rowid, a, b, c, d, e FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

-- step 2: rebuild table u: change primary key
-- ! REWRITE: table u: the table is made anew and every row is copied
CREATE TABLE _snap_new_u (
  id INTEGER PRIMARY KEY
);
INSERT OR ABORT INTO _snap_new_u (id) SELECT id FROM u;
DROP TABLE u;
ALTER TABLE _snap_new_u RENAME TO u;

COMMIT;
