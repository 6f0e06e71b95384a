CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE own USING fts5(title, body);
CREATE VIRTUAL TABLE outside USING fts5(title, content = 'page', content_rowid = 'id');
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1);
CREATE VIRTUAL TABLE whole USING rtree(id, x0, x1, y0, y1, +name);
CREATE VIRTUAL TABLE old USING fts4(text);
