INSERT INTO place VALUES ('de', 'Germany', NULL), ('be', 'Berlin', 'de');
INSERT INTO visit VALUES (1, 'be');
INSERT INTO photo VALUES (1, 'de'), (2, NULL);
