INSERT INTO doc (rowid, title, n) VALUES (7, 'dog', 100), (8, 'cat', 200);
INSERT INTO gone (rowid, title) VALUES (5, 'five');
INSERT INTO five (five) VALUES ('rebuild');
INSERT INTO four (four) VALUES ('rebuild');
INSERT INTO seen (seen) VALUES ('rebuild');
INSERT INTO by_number (by_number) VALUES ('rebuild');
