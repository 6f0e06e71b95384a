INSERT INTO doc VALUES ('tea', 'hot');
INSERT INTO columns VALUES ('a', 'lost');
INSERT INTO own VALUES ('coffee', 'lost');
INSERT INTO spoken (title, lid) VALUES ('word', 3);
INSERT INTO still (title, lid) VALUES ('words', 4);
INSERT INTO area VALUES (1, 8.5, 9, 'lost');
