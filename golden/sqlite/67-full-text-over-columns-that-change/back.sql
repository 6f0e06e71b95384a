.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 5: undo: change virtual table more_text
-- ! REPOPULATE: virtual table more_text: the table is made anew and filled again
CREATE TABLE _snap_set_more_text AS SELECT k, v FROM more_text_config WHERE k <> 'version';
DROP TABLE more_text;
CREATE VIRTUAL TABLE more_text USING fts5(title, content = 'more', content_rowid = 'id');
INSERT INTO more_text (more_text, rank) SELECT k, v FROM _snap_set_more_text;
DROP TABLE _snap_set_more_text;
INSERT INTO more_text (more_text) VALUES ('rebuild');

-- step 4: undo: change virtual table less_text
-- ! REPOPULATE: virtual table less_text: the table is made anew and filled again
CREATE TABLE _snap_set_less_text AS SELECT k, v FROM less_text_config WHERE k <> 'version';
DROP TABLE less_text;
CREATE VIRTUAL TABLE less_text USING fts5(title, body, content = 'less', content_rowid = 'id');
INSERT INTO less_text (less_text, rank) SELECT k, v FROM _snap_set_less_text;
DROP TABLE _snap_set_less_text;

-- step 3: undo: add column more.body
-- ! DATA_LOSS: column more.body: its values are lost
-- ! REWRITE: table more: DROP COLUMN rewrites every row
ALTER TABLE more DROP COLUMN body;

-- step 2: undo: rebuild table typed: change column title
-- ! REWRITE: table typed: the table is made anew and every row is copied
-- ! CONVERT: column typed.title: values are stored as text instead of integer
-- ! REPOPULATE: virtual table typed_text: its index is built anew from its content
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_typed (
  id INTEGER PRIMARY KEY,
  title TEXT
);
INSERT OR ABORT INTO _snap_new_typed (id, title) SELECT id, title FROM typed;
DROP TABLE typed;
ALTER TABLE _snap_new_typed RENAME TO typed;
INSERT INTO typed_text (typed_text) VALUES ('rebuild');

-- step 1: undo: drop column less.body
-- ! REPOPULATE: virtual table less_text: its index is built anew from its content
-- ! this restores the schema and not the rows or values that were lost
ALTER TABLE less ADD COLUMN body;
INSERT INTO less_text (less_text) VALUES ('rebuild');

COMMIT;
