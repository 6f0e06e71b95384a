.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: change column id
-- ! DATA_DEPENDENT: column t.id: a row that holds NULL stops it
-- ! DATA_DEPENDENT: column t.id: a value that is no whole number stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
-- ! ROWID_CHANGES: table t: column id becomes the rowid
SELECT json_extract('{}', 'snap: column t.id becomes the rowid; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM t WHERE id IS NULL) WHERE n > 0;
SELECT json_extract('{}', 'snap: column t.id becomes the rowid; rows that hold no whole number: ' || n) FROM (SELECT count(*) AS n FROM t WHERE id IS NOT NULL AND typeof(id) <> 'integer') WHERE n > 0;
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  v TEXT
);
INSERT OR ABORT INTO _snap_new_t (id, v) SELECT id, v FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
