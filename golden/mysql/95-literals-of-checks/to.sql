CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a varbinary(10), c varchar(10) CHARACTER SET latin1, d varchar(9), n bigint, x int, CHECK (a <> 'x'), CHECK (c IN ('x', 'é')), CHECK (d <> 'x'), CHECK (n < '5'));
ALTER TABLE t ALTER x DROP DEFAULT;
ALTER TABLE t DROP CONSTRAINT t_chk_2, ADD CONSTRAINT t_chk_2 CHECK (c IN ('x', 'é'));
CREATE TABLE k (id int PRIMARY KEY, c enum('a', 'b') CHARACTER SET latin1, n int, KEY r (n), CHECK (c = 'a'), CONSTRAINT q CHECK (c <> 'b') NOT ENFORCED);
CREATE TABLE f (id int PRIMARY KEY, c varchar(9) CHARACTER SET latin1, CHECK (c <> 'x'), FOREIGN KEY (id) REFERENCES p (id));
CREATE TABLE b (id int PRIMARY KEY, c varchar(9) CHARACTER SET latin1, CHECK (c <> 'x'));
CREATE TABLE z (id int PRIMARY KEY, a varchar(10), CHECK (a <> 'x')) CHARSET utf8mb4;
ALTER TABLE z CONVERT TO CHARACTER SET binary;
