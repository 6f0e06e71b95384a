.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table q: change check small, change unique ab
-- ! DATA_DEPENDENT: check q.small: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: table q: two rows that are equal in the key stop it
-- ! REWRITE: table q: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table q gets a key over (b, a); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM q WHERE b IS NOT NULL AND a IS NOT NULL GROUP BY b, a HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_q (
  a INTEGER,
  b INTEGER,
  CONSTRAINT small CHECK (a < 10) ON CONFLICT FAIL,
  CONSTRAINT ab UNIQUE (b, a) ON CONFLICT REPLACE
);
INSERT OR ABORT INTO _snap_new_q (rowid, a, b) SELECT rowid, a, b FROM q;
DROP TABLE q;
ALTER TABLE _snap_new_q RENAME TO q;

-- step 2: rebuild table c: change foreign key actions, change foreign key again, change foreign key moved and 1 more
-- ! DATA_DEPENDENT: table c: a row without a parent stops it
-- ! REWRITE: table c: the table is made anew and every row is copied
CREATE TABLE _snap_new_c (
  x INTEGER CONSTRAINT to_p REFERENCES p (id) NOT DEFERRABLE,
  y INTEGER CONSTRAINT again REFERENCES p (id) MATCH SIMPLE,
  z INTEGER CONSTRAINT actions REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET DEFAULT,
  CONSTRAINT moved FOREIGN KEY (y) REFERENCES q (a)
);
INSERT OR ABORT INTO _snap_new_c (rowid, x, y, z) SELECT rowid, x, y, z FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;
SELECT json_extract('{}', 'snap: foreign key c (y) references q; rows without a parent: ' || n) FROM (SELECT count(*) AS n FROM c AS c WHERE c.y IS NOT NULL AND NOT EXISTS (SELECT 1 FROM q AS p WHERE p.a = +c.y)) WHERE n > 0;

-- step 3: rebuild table p: change column n, change primary key, change unique
-- ! REWRITE: table p: the table is made anew and every row is copied
CREATE TABLE _snap_new_p (
  id INTEGER PRIMARY KEY ON CONFLICT ABORT,
  u TEXT UNIQUE ON CONFLICT REPLACE,
  n TEXT NOT NULL ON CONFLICT IGNORE
);
INSERT OR ABORT INTO _snap_new_p (id, u, n) SELECT id, u, n FROM p;
DROP TABLE p;
ALTER TABLE _snap_new_p RENAME TO p;

COMMIT;
