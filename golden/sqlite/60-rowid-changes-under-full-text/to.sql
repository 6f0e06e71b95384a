CREATE TABLE doc (title TEXT, n INTEGER PRIMARY KEY);
CREATE TABLE gone (title TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIEW told AS SELECT rowid AS id, title FROM doc;
CREATE VIRTUAL TABLE five USING fts5(title, content = 'doc');
CREATE VIRTUAL TABLE four USING fts4(title, content='doc');
CREATE VIRTUAL TABLE seen USING fts5(title, content = 'told', content_rowid = 'id');
CREATE VIRTUAL TABLE by_number USING fts5(title, content = 'doc', content_rowid = 'n');
