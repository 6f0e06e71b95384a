.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t
-- ! DATA_DEPENDENT: column t.id: a value of another type stops it
-- ! DATA_DEPENDENT: column t.n: a value of another type stops it
-- ! DATA_DEPENDENT: column t.s: a value of another type stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in t.id: ' || n) FROM (SELECT count(*) AS n FROM t WHERE id IS NOT NULL AND typeof(id) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in t.n: ' || n) FROM (SELECT count(*) AS n FROM t WHERE n IS NOT NULL AND typeof(n) NOT IN ('integer')) WHERE n > 0;
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in t.s: ' || n) FROM (SELECT count(*) AS n FROM t WHERE s IS NOT NULL AND typeof(s) NOT IN ('text')) WHERE n > 0;
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  n INTEGER,
  s TEXT
) STRICT;
INSERT OR ABORT INTO _snap_new_t (id, n, s) SELECT id, n, s FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

COMMIT;
