INSERT INTO t (id, a, c, d, n) VALUES (1, 'y', 'x', 'y', 1);
INSERT INTO k (id, c) VALUES (1, 'a');
INSERT INTO z VALUES (1, 'y');
