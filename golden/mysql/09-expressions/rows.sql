INSERT INTO t (id) VALUES (1);
INSERT INTO f VALUES (1, 1, 'x', '{"z": [1, 2]}');
