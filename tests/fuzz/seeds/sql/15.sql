CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE own USING fts5(title, body, author UNINDEXED, tokenize = 'porter');
CREATE VIRTUAL TABLE outside USING fts5(title, body, content = 'page', content_rowid = 'id');
CREATE VIRTUAL TABLE area USING rtree_i32(id, x0, x1);
CREATE VIRTUAL TABLE Whole USING rtree(id, x0, x1, y0, y1, +name);
CREATE VIRTUAL TABLE fresh USING fts5(a, prefix = '2 3');
