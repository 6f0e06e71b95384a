INSERT INTO p SELECT i FROM generate_series(1, 50) i;
INSERT INTO t SELECT i, i, i, 'b' || i, i, 'gone', i, i, i FROM generate_series(1, 50) i;
INSERT INTO parts SELECT i, 'b', 1 + i % 50 FROM generate_series(0, 199) i;
INSERT INTO plain_null VALUES (1, 2);
