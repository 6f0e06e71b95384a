CREATE TABLE t (id int, a interval, b money, c time);
