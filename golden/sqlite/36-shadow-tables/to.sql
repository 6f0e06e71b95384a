CREATE VIRTUAL TABLE doc USING fts5(body);
CREATE VIRTUAL TABLE box USING rtree(id, x0, x1);
CREATE TABLE doc_extra (a TEXT, b TEXT);
INSERT INTO doc VALUES ('many words'), ('and more');
