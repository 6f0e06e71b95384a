.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop column less.body
-- ! DATA_LOSS: column less.body: its values are lost
-- ! REWRITE: table less: DROP COLUMN rewrites every row
ALTER TABLE less DROP COLUMN body;

-- step 2: rebuild table typed: change column title
-- ! REWRITE: table typed: the table is made anew and every row is copied
-- ! CONVERT: column typed.title: values are stored as integer instead of text
-- ! REPOPULATE: virtual table typed_text: its index is built anew from its content
CREATE TABLE _snap_new_typed (
  id INTEGER PRIMARY KEY,
  title INT
);
INSERT OR ABORT INTO _snap_new_typed (id, title) SELECT id, title FROM typed;
DROP TABLE typed;
ALTER TABLE _snap_new_typed RENAME TO typed;
INSERT INTO typed_text (typed_text) VALUES ('rebuild');

-- step 3: add column more.body
ALTER TABLE more ADD COLUMN body DEFAULT 'new';

-- step 4: change virtual table less_text
-- ! REPOPULATE: virtual table less_text: the table is made anew and filled again
CREATE TABLE _snap_set_less_text AS SELECT k, v FROM less_text_config WHERE k <> 'version';
DROP TABLE less_text;
CREATE VIRTUAL TABLE less_text USING fts5(title, content = 'less', content_rowid = 'id');
INSERT INTO less_text (less_text, rank) SELECT k, v FROM _snap_set_less_text;
DROP TABLE _snap_set_less_text;
INSERT INTO less_text (less_text) VALUES ('rebuild');

-- step 5: change virtual table more_text
-- ! REPOPULATE: virtual table more_text: the table is made anew and filled again
CREATE TABLE _snap_set_more_text AS SELECT k, v FROM more_text_config WHERE k <> 'version';
DROP TABLE more_text;
CREATE VIRTUAL TABLE more_text USING fts5(title, body, content = 'more', content_rowid = 'id');
INSERT INTO more_text (more_text, rank) SELECT k, v FROM _snap_set_more_text;
DROP TABLE _snap_set_more_text;
INSERT INTO more_text (more_text) VALUES ('rebuild');

COMMIT;
