.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop column t.note
-- ! DATA_LOSS: column t.note: its values are lost
-- ! REWRITE: table t: DROP COLUMN rewrites every row
ALTER TABLE t DROP COLUMN note;

-- step 2: create table new_name
CREATE TABLE new_name (
  id INTEGER PRIMARY KEY,
  a TEXT,
  b TEXT
);

-- step 3: add column t.remark
ALTER TABLE t ADD COLUMN remark TEXT;

-- step 4: drop table old_name
-- ! DATA_LOSS: table old_name: its rows are lost
DROP TABLE old_name;

COMMIT;
