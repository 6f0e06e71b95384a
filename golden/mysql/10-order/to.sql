CREATE TABLE t (z int, f int, b bigint, n1 int, n2 int, a int, e int, c int, last int, KEY (b), KEY (e));
CREATE TABLE u (y int, x int, id int PRIMARY KEY);
CREATE TABLE swapped (b varchar(20), a int, x int, y int, c date);
