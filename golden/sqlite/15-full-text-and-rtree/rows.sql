INSERT INTO page VALUES (3, 'tea', 'how to boil water'), (9, 'cup', 'of clay');
INSERT INTO own (rowid, title, body) VALUES (4, 'running', 'shoes'), (8, 'walking', 'stick');
INSERT INTO outside (outside) VALUES ('rebuild');
INSERT INTO area VALUES (1, 0, 10), (2, 5, 7);
INSERT INTO whole VALUES (1, 0, 1, 0, 1, 'unit');
INSERT INTO old (docid, text) VALUES (2, 'words');
INSERT INTO own (own, rank) VALUES ('automerge', 7);
