.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: drop view paths (made again later)
DROP VIEW paths;

-- step 2: drop index article.article_path (made again later)
DROP INDEX article_path;

-- step 3: rebuild table article: drop check, add check, change column title and 1 more
-- ! DATA_DEPENDENT: check of article: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: column article.title: a row that holds NULL stops it
-- ! REWRITE: table article: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column article.title becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM article WHERE title IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_article (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL COLLATE german,
  path TEXT CHECK (path = slug(path, 1)),
  short TEXT AS (slug(title)),
  lang TEXT
);
INSERT OR ABORT INTO _snap_new_article (id, title, path) SELECT id, title, path FROM article;
DROP TABLE article;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_article RENAME TO article;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER article_slug AFTER INSERT ON article BEGIN UPDATE article SET path = slug(NEW.title) WHERE id = NEW.id; END;

-- step 4: create index article.article_path
-- ! INDEX_BUILD: index article.article_path: the table is read whole
CREATE INDEX article_path ON article (slug(title), title COLLATE german DESC);

-- step 5: create view paths
CREATE VIEW paths AS SELECT slug(path) AS path, lang FROM article ORDER BY title COLLATE german;

COMMIT;
