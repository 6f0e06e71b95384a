INSERT INTO b (q, id, z) VALUES (1, 2, 3);
INSERT INTO named VALUES (1, 'x');
