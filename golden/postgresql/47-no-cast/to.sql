CREATE TABLE t (id int, a inet);
