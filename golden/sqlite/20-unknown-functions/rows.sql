INSERT INTO article (id, title) VALUES (1, 'Öl'), (2, 'Tee');
