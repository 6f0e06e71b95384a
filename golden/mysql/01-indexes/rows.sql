INSERT INTO t VALUES (1, 'a', 'b', 'some words', 1, 1), (2, 'a', 'b', NULL, 1, 2);
INSERT INTO q VALUES (1), (2);
