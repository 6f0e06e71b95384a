INSERT INTO first_goes VALUES (5), (15);
