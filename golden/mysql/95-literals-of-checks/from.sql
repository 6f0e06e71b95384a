CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a varbinary(10), c varchar(10) CHARACTER SET latin1, d varchar(9), n int, CHECK (a <> 'x'), CHECK (c IN ('x', 'é')), CHECK (d <> 'x'), CHECK (n < '5'));
CREATE TABLE k (id int PRIMARY KEY, c enum('a', 'b') CHARACTER SET latin1, n int, KEY o (n), CHECK (c = 'a'), CONSTRAINT q CHECK (c <> 'b') NOT ENFORCED);
CREATE TABLE f (id int PRIMARY KEY, c varchar(9) CHARACTER SET latin1, CHECK (c <> 'x'));
CREATE TABLE b (id int PRIMARY KEY, c varchar(9) CHARACTER SET latin1, CHECK (c <> 'x'));
ALTER TABLE b COMMENT 'now _latin1';
CREATE TABLE z (id int PRIMARY KEY, a varchar(10), CHECK (a <> 'x')) CHARSET utf8mb4;
