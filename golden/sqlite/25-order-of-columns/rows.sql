INSERT INTO swapped VALUES ('a', 2, x'03');
INSERT INTO middle VALUES ('a', 'c');
INSERT INTO left_out VALUES ('a', 'b', 'c');
