INSERT INTO a VALUES (1, 'k', 'g');
INSERT INTO b VALUES (2, 'k', 'g');
INSERT INTO c VALUES (3, 'k', 'g');
INSERT INTO d VALUES (4, 'g', 'k');
