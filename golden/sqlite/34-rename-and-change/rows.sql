INSERT INTO person VALUES (4, 'Ana', NULL), (9, 'Ben', 4);
DELETE FROM person WHERE id = 9;
