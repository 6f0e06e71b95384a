CREATE TABLE typed (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIRTUAL TABLE typed_text USING fts5(title, content = 'typed', content_rowid = 'id');
CREATE TABLE less (id INTEGER PRIMARY KEY, title, body);
CREATE VIRTUAL TABLE less_text USING fts5(title, body, content = 'less', content_rowid = 'id');
CREATE TABLE more (id INTEGER PRIMARY KEY, title);
CREATE VIRTUAL TABLE more_text USING fts5(title, content = 'more', content_rowid = 'id');
