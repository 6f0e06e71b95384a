INSERT INTO item (id, net, rate) VALUES (1, 100, 19), (2, 50, 7);
INSERT INTO box VALUES (2, 3, 77, 'a'), (4, 5, NULL, 'b');
INSERT INTO name (first, last) VALUES ('Ada', 'Lovelace');
