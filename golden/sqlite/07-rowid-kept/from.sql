CREATE TABLE doc (title TEXT, body TEXT);
CREATE TABLE odd (rowid TEXT, oid TEXT, v TEXT);
CREATE VIRTUAL TABLE doc_text USING fts5(title, body, content = 'doc', content_rowid = 'rowid');
