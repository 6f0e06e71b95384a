CREATE TABLE t (a int, b int, c int, d int, e int, f int, KEY (b), KEY (e));
CREATE TABLE u (id int PRIMARY KEY, x int, y int);
CREATE TABLE swapped (a int, b varchar(20), c date);
