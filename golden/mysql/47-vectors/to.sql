CREATE TABLE t (id bigint PRIMARY KEY, v vector(3), w vector(4), x vector(5));
