CREATE TABLE t (id int NOT NULL PRIMARY KEY, a date, b datetime NOT NULL, c int, d point, e varchar(40), KEY a (a), KEY b (b, c), UNIQUE KEY c (c), CONSTRAINT k CHECK (a is null or id is not null));
