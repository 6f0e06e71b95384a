.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table loosens
-- ! REWRITE: table loosens: the table is made anew and every row is copied
-- ! CONVERT: column loosens.v: values are stored as numeric instead of blob
CREATE TABLE _snap_new_loosens (
  id INTEGER PRIMARY KEY,
  v ANY
);
INSERT OR ABORT INTO _snap_new_loosens (id, v) SELECT id, v FROM loosens;
DROP TABLE loosens;
ALTER TABLE _snap_new_loosens RENAME TO loosens;

-- step 2: rebuild table tightens
-- ! DATA_DEPENDENT: column tightens.id: a value of another type stops it
-- ! REWRITE: table tightens: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in tightens.id: ' || n) FROM (SELECT count(*) AS n FROM tightens WHERE id IS NOT NULL AND typeof(id) NOT IN ('integer')) WHERE n > 0;
CREATE TABLE _snap_new_tightens (
  id INTEGER PRIMARY KEY,
  v ANY
) STRICT;
INSERT OR ABORT INTO _snap_new_tightens (id, v) SELECT id, v FROM tightens;
DROP TABLE tightens;
ALTER TABLE _snap_new_tightens RENAME TO tightens;

COMMIT;
