CREATE TABLE doc (title TEXT, body TEXT);
CREATE VIRTUAL TABLE columns USING fts5(title);
CREATE VIRTUAL TABLE own USING fts5(title, body, content = 'doc');
CREATE VIRTUAL TABLE spoken USING fts4(title);
CREATE VIRTUAL TABLE still USING fts4(title, languageid=lid, tokenize=porter);
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1);
