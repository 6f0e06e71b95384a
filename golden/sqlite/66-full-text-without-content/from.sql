CREATE VIRTUAL TABLE stems USING fts5(body, content = '');
CREATE VIRTUAL TABLE empties USING fts5(title, body UNINDEXED);
