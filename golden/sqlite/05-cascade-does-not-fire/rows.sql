INSERT INTO author VALUES (1, 'Lem'), (2, 'Kafka');
INSERT INTO book VALUES (1, 1, 'Solaris'), (2, 2, 'Amerika'), (3, 1, 'Fiasko');
INSERT INTO shelf VALUES (1, 'left');
INSERT INTO loan VALUES (1, 1, 'Solaris');
