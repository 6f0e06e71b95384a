.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 8: undo: rebuild table pair: change primary key
-- ! DATA_DEPENDENT: table pair: two rows that are equal in the key stop it
-- ! REWRITE: table pair: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table pair gets a key over (a, b); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM pair WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_pair (
  a TEXT,
  b TEXT,
  PRIMARY KEY (a, b)
);
INSERT OR ABORT INTO _snap_new_pair (rowid, a, b) SELECT rowid, a, b FROM pair;
DROP TABLE pair;
ALTER TABLE _snap_new_pair RENAME TO pair;

-- step 7: undo: rebuild table not_alias: change column id
-- ! REWRITE: table not_alias: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_not_alias (
  id INT PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_not_alias (rowid, id, v) SELECT rowid, id, v FROM not_alias;
DROP TABLE not_alias;
ALTER TABLE _snap_new_not_alias RENAME TO not_alias;

-- step 6: undo: rebuild table no_key: add column id, add primary key
-- ! REWRITE: table no_key: the table is made anew and every row is copied
-- ! COUNTER_LOST: table no_key: AUTOINCREMENT goes
-- ! DATA_LOSS: column no_key.id: its values are lost
CREATE TABLE _snap_new_no_key (
  v TEXT
);
INSERT OR ABORT INTO _snap_new_no_key (rowid, v) SELECT rowid, v FROM no_key;
DROP TABLE no_key;
ALTER TABLE _snap_new_no_key RENAME TO no_key;

-- step 5: undo: rebuild table named: change primary key
-- ! REWRITE: table named: the table is made anew and every row is copied
CREATE TABLE _snap_new_named (
  id INTEGER CONSTRAINT named_key PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_named (id, v) SELECT id, v FROM named;
DROP TABLE named;
ALTER TABLE _snap_new_named RENAME TO named;

-- step 4: undo: rebuild table in_table: change primary key
-- ! DATA_DEPENDENT: column in_table.id: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column in_table.id: a value that is no whole number stops it
-- ! REWRITE: table in_table: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table in_table: column id becomes the rowid
SELECT json_extract('{}', 'snap: column in_table.id becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM in_table WHERE id IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column in_table.id becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM in_table WHERE id IS NOT NULL AND typeof(id) <> 'integer') WHERE n > 0;
CREATE TABLE _snap_new_in_table (
  id INTEGER,
  v TEXT,
  PRIMARY KEY (id DESC)
);
INSERT OR ABORT INTO _snap_new_in_table (id, v) SELECT id, v FROM in_table;
DROP TABLE in_table;
ALTER TABLE _snap_new_in_table RENAME TO in_table;

-- step 3: undo: rebuild table descending: change primary key
-- ! DATA_DEPENDENT: table descending: two rows that are equal in the key stop it
-- ! REWRITE: table descending: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
SELECT json_extract('{}', 'snap: table descending gets a key over (id); values that stand twice: ' || n) FROM (SELECT count(*) AS n FROM (SELECT 1 FROM descending WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1)) WHERE n > 0;
CREATE TABLE _snap_new_descending (
  id INTEGER PRIMARY KEY DESC,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_descending (rowid, id, v) SELECT rowid, id, v FROM descending;
DROP TABLE descending;
ALTER TABLE _snap_new_descending RENAME TO descending;

-- step 2: undo: rebuild table counts: change primary key
-- ! REWRITE: table counts: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_counts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_counts (id, v) SELECT id, v FROM counts;
DROP TABLE counts;
ALTER TABLE _snap_new_counts RENAME TO counts;

-- step 1: undo: rebuild table alias: change column id
-- ! DATA_DEPENDENT: column alias.id: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column alias.id: a value that is no whole number stops it
-- ! REWRITE: table alias: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table alias: column id becomes the rowid
SELECT json_extract('{}', 'snap: column alias.id becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM alias WHERE id IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column alias.id becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM alias WHERE id IS NOT NULL AND typeof(id) <> 'integer') WHERE n > 0;
CREATE TABLE _snap_new_alias (
  id INTEGER PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_alias (id, v) SELECT id, v FROM alias;
DROP TABLE alias;
ALTER TABLE _snap_new_alias RENAME TO alias;

COMMIT;
