.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table both
-- ! DATA_DEPENDENT: column both.k: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column both.k: a value of another type stops it
-- ! DATA_DEPENDENT: column both.v: a value of another type stops it
-- ! REWRITE: table both: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table both: its hidden rowids go
SELECT json_extract('{}', 'snap: column both.k becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM both WHERE k IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in both.k: ' || n) FROM (SELECT count(*) AS n FROM both WHERE k IS NOT NULL AND typeof(k) NOT IN ('text')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in both.v: ' || n) FROM (SELECT count(*) AS n FROM both WHERE v IS NOT NULL AND typeof(v) NOT IN ('text')) WHERE n > 0;
CREATE TABLE _snap_new_both (
  k TEXT PRIMARY KEY,
  v TEXT
) WITHOUT ROWID, STRICT;
INSERT OR ABORT INTO _snap_new_both (k, v) SELECT k, v FROM both;
DROP TABLE both;
ALTER TABLE _snap_new_both RENAME TO both;

-- step 2: rebuild table loose
-- ! DATA_DEPENDENT: column loose.b: a value of another type stops it
-- ! DATA_DEPENDENT: column loose.id: a value of another type stops it
-- ! DATA_DEPENDENT: column loose.n: a value of another type stops it
-- ! DATA_DEPENDENT: column loose.r: a value of another type stops it
-- ! DATA_DEPENDENT: column loose.t: a value of another type stops it
-- ! REWRITE: table loose: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loose.b: ' || n) FROM (SELECT count(*) AS n FROM loose WHERE b IS NOT NULL AND typeof(b) NOT IN ('blob')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loose.id: ' || n) FROM (SELECT count(*) AS n FROM loose WHERE id IS NOT NULL AND typeof(id) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loose.n: ' || n) FROM (SELECT count(*) AS n FROM loose WHERE n IS NOT NULL AND typeof(n) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loose.r: ' || n) FROM (SELECT count(*) AS n FROM loose WHERE r IS NOT NULL AND typeof(r) NOT IN ('real', 'integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loose.t: ' || n) FROM (SELECT count(*) AS n FROM loose WHERE t IS NOT NULL AND typeof(t) NOT IN ('text')) WHERE n > 0;
CREATE TABLE _snap_new_loose (
  id INTEGER PRIMARY KEY,
  n INTEGER,
  r REAL,
  t TEXT,
  b BLOB,
  x ANY
) STRICT;
INSERT OR ABORT INTO _snap_new_loose (id, n, r, t, b, x) SELECT id, n, r, t, b, x FROM loose;
DROP TABLE loose;
ALTER TABLE _snap_new_loose RENAME TO loose;

-- step 3: rebuild table pair
-- ! REWRITE: table pair: the table is made anew and every row is copied
CREATE TABLE _snap_new_pair (
  a TEXT,
  b TEXT,
  n INT,
  PRIMARY KEY (a, b)
);
INSERT OR ABORT INTO _snap_new_pair (a, b, n) SELECT a, b, n FROM pair;
DROP TABLE pair;
ALTER TABLE _snap_new_pair RENAME TO pair;

-- step 4: rebuild table tight
-- ! REWRITE: table tight: the table is made anew and every row is copied
CREATE TABLE _snap_new_tight (
  id INTEGER PRIMARY KEY,
  n INT
);
INSERT OR ABORT INTO _snap_new_tight (id, n) SELECT id, n FROM tight;
DROP TABLE tight;
ALTER TABLE _snap_new_tight RENAME TO tight;

-- step 5: rebuild table word
-- ! DATA_DEPENDENT: column word.w: a row that holds NULL stops it
-- ! REWRITE: table word: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table word: its hidden rowids go
SELECT json_extract('{}', 'snap: column word.w becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM word WHERE w IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_word (
  w TEXT PRIMARY KEY,
  n INTEGER
) WITHOUT ROWID;
INSERT OR ABORT INTO _snap_new_word (w, n) SELECT w, n FROM word;
DROP TABLE word;
ALTER TABLE _snap_new_word RENAME TO word;

COMMIT;
