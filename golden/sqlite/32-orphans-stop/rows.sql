INSERT INTO p VALUES (1, 'a');
INSERT INTO c VALUES (1, 1, 'a'), (2, 1, 'b'), (3, NULL, 'q');
