.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table child: add foreign key
-- ! DATA_DEPENDENT: table child: a row without a parent stops it
-- ! REWRITE: table child: the table is made anew and every row is copied
CREATE TABLE _snap_new_child (
  id INTEGER PRIMARY KEY,
  parent TEXT REFERENCES parent
);
INSERT OR ABORT INTO _snap_new_child (id, parent) SELECT id, parent FROM child;
DROP TABLE child;
ALTER TABLE _snap_new_child RENAME TO child;
SELECT json_extract('{}', 'snap: foreign key child (parent) references parent; rows without a parent: ' || n) FROM (SELECT count(*) AS n FROM child AS c WHERE c.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM parent AS p WHERE p.id = +c.parent)) WHERE n > 0;

-- step 2: rebuild table filled: change column a
-- ! DATA_DEPENDENT: column filled.a: a row that holds NULL stops it
-- ! REWRITE: table filled: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column filled.a becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM filled WHERE a IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_filled (
  a TEXT NOT NULL,
  b
);
INSERT OR ABORT INTO _snap_new_filled (rowid, a, b) SELECT rowid, a, b FROM filled;
DROP TABLE filled;
ALTER TABLE _snap_new_filled RENAME TO filled;

-- step 3: rebuild table fresh: add column w
-- ! DATA_DEPENDENT: column fresh.w: a new NOT NULL column without a default fits an empty table only
-- ! REWRITE: table fresh: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column fresh.w is NOT NULL and has no DEFAULT: give one, or fill it in a step of your own; rows in the way: ' || n) FROM (SELECT count(*) AS n FROM fresh) WHERE n > 0;
CREATE TABLE _snap_new_fresh (
  v,
  w TEXT NOT NULL
);
INSERT OR ABORT INTO _snap_new_fresh (rowid, v) SELECT rowid, v FROM fresh;
DROP TABLE fresh;
ALTER TABLE _snap_new_fresh RENAME TO fresh;

-- step 4: rebuild table keyed: change column a, add primary key
-- ! DATA_DEPENDENT: column keyed.a: a row that holds NULL stops it
-- ! DATA_DEPENDENT: table keyed: two rows that are equal in the key stop it
-- ! REWRITE: table keyed: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column keyed.a becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM keyed WHERE a IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: table keyed gets a key over (b, a); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM keyed WHERE b IS NOT NULL AND a IS NOT NULL GROUP BY b, a HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_keyed (
  a INT NOT NULL,
  b TEXT,
  PRIMARY KEY (b, a)
);
INSERT OR ABORT INTO _snap_new_keyed (rowid, a, b) SELECT rowid, a, b FROM keyed;
DROP TABLE keyed;
ALTER TABLE _snap_new_keyed RENAME TO keyed;

-- step 5: rebuild table tight: change column c
-- ! DATA_DEPENDENT: column tight.a: a value of another type stops it
-- ! DATA_DEPENDENT: column tight.b: a value of another type stops it
-- ! REWRITE: table tight: the table is made anew and every row is copied
-- ! CONVERT: column tight.c: values are stored as integer instead of text
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in tight.a: ' || n) FROM (SELECT count(*) AS n FROM tight WHERE a IS NOT NULL AND typeof(a) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in tight.b: ' || n) FROM (SELECT count(*) AS n FROM tight WHERE b IS NOT NULL AND typeof(b) NOT IN ('text')) WHERE n > 0;
CREATE TABLE _snap_new_tight (
  a INT,
  b TEXT,
  c INT
) STRICT;
INSERT OR ABORT INTO _snap_new_tight (rowid, a, b, c) SELECT rowid, a, b, c FROM tight;
DROP TABLE tight;
ALTER TABLE _snap_new_tight RENAME TO tight;

COMMIT;
