INSERT INTO doc (rowid, title, body) VALUES (40, 'first', 'one two'), (41, 'gone', ''), (70, 'last', 'three');
DELETE FROM doc WHERE rowid = 41;
INSERT INTO odd (_rowid_, rowid, oid, v) VALUES (9, 'r', 'o', 'v'), (5, 's', 'p', 'w');
INSERT INTO doc_text (doc_text) VALUES ('rebuild');
