CREATE TABLE doc (title TEXT NOT NULL, body TEXT);
CREATE TABLE odd (rowid TEXT, oid TEXT, v TEXT DEFAULT 'x');
CREATE VIRTUAL TABLE doc_text USING fts5(title, body, content = 'doc', content_rowid = 'rowid');
