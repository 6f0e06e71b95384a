.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 3: undo: rebuild table p: change column n, change primary key, change unique
-- ! REWRITE: table p: the table is made anew and every row is copied
CREATE TABLE _snap_new_p (
  id INTEGER PRIMARY KEY ON CONFLICT REPLACE,
  u TEXT UNIQUE ON CONFLICT IGNORE,
  n TEXT NOT NULL ON CONFLICT FAIL
);
INSERT OR ABORT INTO _snap_new_p (id, u, n) SELECT id, u, n FROM p;
DROP TABLE p;
ALTER TABLE _snap_new_p RENAME TO p;

-- step 2: undo: rebuild table c: change foreign key actions, change foreign key again, change foreign key moved and 1 more
-- ! REWRITE: table c: the table is made anew and every row is copied
CREATE TABLE _snap_new_c (
  x INTEGER CONSTRAINT to_p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED,
  y INTEGER CONSTRAINT again REFERENCES p (id) MATCH FULL,
  z INTEGER CONSTRAINT actions REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT moved FOREIGN KEY (x) REFERENCES p (id)
);
INSERT OR ABORT INTO _snap_new_c (rowid, x, y, z) SELECT rowid, x, y, z FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;

-- step 1: undo: rebuild table q: change check small, change unique ab
-- ! DATA_DEPENDENT: check q.small: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: table q: two rows that are equal in the key stop it
-- ! REWRITE: table q: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table q gets a key over (a, b); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM q WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_q (
  a INTEGER,
  b INTEGER,
  CONSTRAINT small CHECK (a < 9) ON CONFLICT IGNORE,
  CONSTRAINT ab UNIQUE (a, b) ON CONFLICT ROLLBACK
);
INSERT OR ABORT INTO _snap_new_q (rowid, a, b) SELECT rowid, a, b FROM q;
DROP TABLE q;
ALTER TABLE _snap_new_q RENAME TO q;

COMMIT;
