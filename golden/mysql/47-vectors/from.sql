CREATE TABLE t (id int PRIMARY KEY, v vector(3) NOT NULL, w vector(2));
