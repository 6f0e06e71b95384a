CREATE TABLE doc (title TEXT, body TEXT);
CREATE VIRTUAL TABLE columns USING fts5(title, body);
CREATE VIRTUAL TABLE own USING fts5(title, body);
CREATE VIRTUAL TABLE spoken USING fts4(title, languageid=lid);
CREATE VIRTUAL TABLE still USING fts4(title, languageid=lid);
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, +note);
