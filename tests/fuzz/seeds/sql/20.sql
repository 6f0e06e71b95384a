CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL COLLATE german,
  path TEXT CHECK (path = slug(path, 1)),
  short TEXT AS (slug(title)),
  lang TEXT
);
CREATE INDEX article_path ON article (slug(title), title COLLATE german DESC);
CREATE VIEW paths AS SELECT slug(path) AS path, lang FROM article ORDER BY title COLLATE german;
CREATE TRIGGER article_slug AFTER INSERT ON article BEGIN UPDATE article SET path = slug(NEW.title) WHERE id = NEW.id; END;
