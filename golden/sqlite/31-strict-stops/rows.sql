INSERT INTO t VALUES (1, 'no number', 's'), (2, 5, 's');
