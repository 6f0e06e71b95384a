INSERT INTO customer VALUES (1, 'a@example.org');
INSERT INTO orders VALUES (1, 1, 'a note'), (2, NULL, NULL);
