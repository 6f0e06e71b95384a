CREATE VIRTUAL TABLE stems USING fts5(body, content = '', tokenize = 'porter');
CREATE VIRTUAL TABLE empties USING fts5(title, body UNINDEXED, content = '');
