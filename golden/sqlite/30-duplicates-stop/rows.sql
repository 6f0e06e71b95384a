INSERT INTO t VALUES ('x', 1), ('X', 1), ('y', NULL), ('y', NULL);
