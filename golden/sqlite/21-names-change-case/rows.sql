INSERT INTO Person VALUES (1, 'Ana', NULL), (2, 'Ben', 1);
INSERT INTO pet VALUES (1, 2, 'Rex');
INSERT INTO plain VALUES ('a', 'b');
INSERT INTO itself VALUES ('x');
