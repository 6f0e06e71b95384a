.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 5: undo: create view paths
DROP VIEW paths;

-- step 4: undo: create index article.article_path
DROP INDEX article_path;

-- step 3: undo: rebuild table article: drop check, add check, change column title and 1 more
-- ! DATA_DEPENDENT: check of article: a row that does not fit the CHECK stops it
-- ! REWRITE: table article: the table is made anew and every row is copied
-- ! DATA_LOSS: column article.lang: its values are lost
CREATE TABLE _snap_new_article (
  id INTEGER PRIMARY KEY,
  title TEXT COLLATE german,
  path TEXT CHECK (path = slug(path)),
  short TEXT AS (slug(title))
);
INSERT OR ABORT INTO _snap_new_article (id, title, path) SELECT id, title, path FROM article;
DROP TABLE article;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_article RENAME TO article;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER article_slug AFTER INSERT ON article BEGIN UPDATE article SET path = slug(NEW.title) WHERE id = NEW.id; END;

-- step 2: undo: drop index article.article_path (made again later)
-- ! INDEX_BUILD: index article.article_path: the table is read whole
CREATE INDEX article_path ON article (slug(title), title COLLATE german);

-- step 1: undo: drop view paths (made again later)
CREATE VIEW paths AS SELECT slug(path) AS path FROM article ORDER BY title COLLATE german;

COMMIT;
