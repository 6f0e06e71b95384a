.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 4: undo: drop table old_name
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE old_name (
  id INTEGER PRIMARY KEY,
  a TEXT,
  b TEXT
);

-- step 3: undo: add column t.remark
-- ! DATA_LOSS: column t.remark: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN remark;

-- step 2: undo: create table new_name
-- ! DATA_LOSS: table new_name: its rows are lost
DROP TABLE new_name;

-- step 1: undo: drop column t.note
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE t ADD COLUMN note TEXT;

COMMIT;
