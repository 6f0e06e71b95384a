INSERT INTO ticket VALUES (1, 'a'), (101, 'b');
DELETE FROM ticket WHERE id = 101;
INSERT INTO seat VALUES (1, 'A'), (900, 'B');
DELETE FROM seat WHERE id = 900;
