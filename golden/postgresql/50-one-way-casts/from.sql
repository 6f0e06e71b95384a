CREATE TABLE t (id int, a time, b bigint, c timestamp);
