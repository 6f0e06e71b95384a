INSERT INTO person (id, name, born) VALUES (1, 'Ada', '1915-12-10'), (5, 'Ben', '2012-02-29');
