INSERT INTO raised VALUES (1, 1), (3, 2);
INSERT INTO lowered VALUES (1, 1), (3, 2);
INSERT INTO parted VALUES (1), (3);
INSERT INTO plain VALUES (1, 1), (2, 3);
