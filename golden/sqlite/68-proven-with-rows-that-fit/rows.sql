INSERT INTO filled VALUES ('a', NULL), ('b', 1);
INSERT INTO keyed VALUES (1, 'x'), (2, 'x');
INSERT INTO tight VALUES (1, 'x', '12'), (2, NULL, NULL);
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (1, '2');
INSERT INTO other VALUES ('kept');
