INSERT INTO typed VALUES (3, '007'), (4, 'cat');
INSERT INTO typed_text (typed_text) VALUES ('rebuild');
INSERT INTO less VALUES (5, 'tea', 'hot');
INSERT INTO less_text (less_text) VALUES ('rebuild');
INSERT INTO more VALUES (6, 'cup');
INSERT INTO more_text (more_text) VALUES ('rebuild');
