INSERT INTO rotates VALUES (1, 5), (2, 15), (3, 25);
INSERT INTO counts VALUES (1), (2), (3);
INSERT INTO removed VALUES (1, 1);
INSERT INTO gains VALUES (1, 1), (2, 2);
INSERT INTO lists VALUES (1, 'a'), (2, 'b'), (3, 'é');
INSERT INTO subs VALUES (1, '1999-01-01'), (2, '2020-01-01');
INSERT INTO algo VALUES (1), (2);
INSERT INTO both_change VALUES (1, 1), (2, 1);
