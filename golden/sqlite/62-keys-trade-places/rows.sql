INSERT INTO t VALUES (1, 30, 'one'), (2, 20, 'two');
