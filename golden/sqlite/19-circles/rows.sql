INSERT INTO egg VALUES (1, NULL);
INSERT INTO chicken VALUES (1, 1);
UPDATE egg SET chicken = 1;
INSERT INTO tree VALUES (1, NULL, 'root'), (2, 1, 'twig');
