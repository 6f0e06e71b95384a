INSERT INTO t (id, a, z) VALUES (1, 10, 100), (2, 20, NULL);
