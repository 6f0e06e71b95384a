CREATE TABLE t (id int PRIMARY KEY, Abc int, KEY Kk (Abc));
