CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT one CHECK (a > 0));
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE z (id int PRIMARY KEY, x int, CONSTRAINT two CHECK (x > 0));
