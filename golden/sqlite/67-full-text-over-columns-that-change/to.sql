CREATE TABLE typed (id INTEGER PRIMARY KEY, title INT);
CREATE VIRTUAL TABLE typed_text USING fts5(title, content = 'typed', content_rowid = 'id');
CREATE TABLE less (id INTEGER PRIMARY KEY, title);
CREATE VIRTUAL TABLE less_text USING fts5(title, content = 'less', content_rowid = 'id');
CREATE TABLE more (id INTEGER PRIMARY KEY, title, body DEFAULT 'new');
CREATE VIRTUAL TABLE more_text USING fts5(title, body, content = 'more', content_rowid = 'id');
