CREATE TABLE t (id int PRIMARY KEY, aBC int, KEY kK (aBC));
