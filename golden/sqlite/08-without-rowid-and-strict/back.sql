.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 5: undo: rebuild table word
-- ! REWRITE: table word: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_word (
  w TEXT PRIMARY KEY,
  n INTEGER
);
INSERT OR ABORT INTO _snap_new_word (w, n) SELECT w, n FROM word;
DROP TABLE word;
ALTER TABLE _snap_new_word RENAME TO word;

-- step 4: undo: rebuild table tight
-- ! DATA_DEPENDENT: column tight.id: a value of another type stops it
-- ! DATA_DEPENDENT: column tight.n: a value of another type stops it
-- ! REWRITE: table tight: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in tight.id: ' || n) FROM (SELECT count(*) AS n FROM tight WHERE id IS NOT NULL AND typeof(id) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in tight.n: ' || n) FROM (SELECT count(*) AS n FROM tight WHERE n IS NOT NULL AND typeof(n) NOT IN ('integer')) WHERE n > 0;
CREATE TABLE _snap_new_tight (
  id INTEGER PRIMARY KEY,
  n INT
) STRICT;
INSERT OR ABORT INTO _snap_new_tight (id, n) SELECT id, n FROM tight;
DROP TABLE tight;
ALTER TABLE _snap_new_tight RENAME TO tight;

-- step 3: undo: rebuild table pair
-- ! DATA_DEPENDENT: column pair.a: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column pair.b: a row that holds NULL stops it
-- ! REWRITE: table pair: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table pair: its hidden rowids go
SELECT json_extract('{}', 'snap: column pair.a becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM pair WHERE a IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column pair.b becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM pair WHERE b IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_pair (
  a TEXT,
  b TEXT,
  n INT,
  PRIMARY KEY (a, b)
) WITHOUT ROWID;
INSERT OR ABORT INTO _snap_new_pair (a, b, n) SELECT a, b, n FROM pair;
DROP TABLE pair;
ALTER TABLE _snap_new_pair RENAME TO pair;

-- step 2: undo: rebuild table loose
-- ! REWRITE: table loose: the table is made anew and every row is copied
-- ! CONVERT: column loose.x: values are stored as numeric instead of blob
CREATE TABLE _snap_new_loose (
  id INTEGER PRIMARY KEY,
  n INTEGER,
  r REAL,
  t TEXT,
  b BLOB,
  x ANY
);
INSERT OR ABORT INTO _snap_new_loose (id, n, r, t, b, x) SELECT id, n, r, t, b, x FROM loose;
DROP TABLE loose;
ALTER TABLE _snap_new_loose RENAME TO loose;

-- step 1: undo: rebuild table both
-- ! REWRITE: table both: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_both (
  k TEXT PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_both (k, v) SELECT k, v FROM both;
DROP TABLE both;
ALTER TABLE _snap_new_both RENAME TO both;

COMMIT;
