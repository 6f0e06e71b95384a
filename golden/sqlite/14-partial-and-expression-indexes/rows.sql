INSERT INTO t VALUES ('a', 'x', 1), ('b', 'x', 60), ('a', 'y', NULL);
