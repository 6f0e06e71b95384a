INSERT INTO t VALUES (1, 1, 'x', 'b', 'x,y', 1, '2020-01-01 00:00:00');
