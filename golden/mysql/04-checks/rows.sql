INSERT INTO t (id, a, b, gone) VALUES (2, 1, 2, NULL);
