INSERT INTO number VALUES (1, 1), (5, 2);
INSERT INTO swap VALUES (1, 20), (2, 10);
INSERT INTO gains VALUES (1, 1), (2, NULL);
INSERT INTO moves VALUES (3, 1, 1), (4, 2, 2);
INSERT INTO parts VALUES ('x', 1), ('y', 1);
INSERT INTO counts VALUES (7);
