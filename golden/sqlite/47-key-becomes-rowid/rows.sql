INSERT INTO t VALUES (1, 'one'), ('two', 'two');
