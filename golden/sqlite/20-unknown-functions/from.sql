CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  title TEXT COLLATE german,
  path TEXT CHECK (path = slug(path)),
  short TEXT AS (slug(title))
);
CREATE INDEX article_path ON article (slug(title), title COLLATE german);
CREATE VIEW paths AS SELECT slug(path) AS path FROM article ORDER BY title COLLATE german;
CREATE TRIGGER article_slug AFTER INSERT ON article BEGIN UPDATE article SET path = slug(NEW.title) WHERE id = NEW.id; END;
