.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 2: undo: rebuild table tightens
-- ! REWRITE: table tightens: the table is made anew and every row is copied
-- ! CONVERT: column tightens.v: values are stored as numeric instead of blob
CREATE TABLE _snap_new_tightens (
  id INTEGER PRIMARY KEY,
  v ANY
);
INSERT OR ABORT INTO _snap_new_tightens (id, v) SELECT id, v FROM tightens;
DROP TABLE tightens;
ALTER TABLE _snap_new_tightens RENAME TO tightens;

-- step 1: undo: rebuild table loosens
-- ! DATA_DEPENDENT: column loosens.id: a value of another type stops it
-- ! REWRITE: table loosens: the table is made anew and every row is copied
-- ! this is not exact: rowids, counters or how values are written may differ from before
SELECT json_extract('{}', 'snap: table becomes STRICT; values of another type in loosens.id: ' || n) FROM (SELECT count(*) AS n FROM loosens WHERE id IS NOT NULL AND typeof(id) NOT IN ('integer')) WHERE n > 0;
CREATE TABLE _snap_new_loosens (
  id INTEGER PRIMARY KEY,
  v ANY
) STRICT;
INSERT OR ABORT INTO _snap_new_loosens (id, v) SELECT id, v FROM loosens;
DROP TABLE loosens;
ALTER TABLE _snap_new_loosens RENAME TO loosens;

COMMIT;
