CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('a','b','c'), s set('x','y'), w int NOT NULL DEFAULT 1, ts timestamp NULL DEFAULT NULL);
