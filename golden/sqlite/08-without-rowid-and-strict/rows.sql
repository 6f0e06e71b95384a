INSERT INTO word VALUES ('b', 2), ('a', 1);
INSERT INTO pair VALUES ('x', 'y', 1), ('x', 'z', 2);
INSERT INTO loose VALUES (1, 5, 2.5, 'text', x'00ff', 'any'), (2, NULL, 3, '', NULL, 7);
INSERT INTO tight VALUES (1, 10), (2, NULL);
INSERT INTO both VALUES ('k', 'v');
