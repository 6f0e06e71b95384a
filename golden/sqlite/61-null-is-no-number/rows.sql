INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y'), (5, 'z');
INSERT INTO fresh (rowid, b) VALUES (41, 'kept');
