CREATE TABLE `a``b` (id int PRIMARY KEY, `select` bigint, `UPPER` int, `sp ace` int NOT NULL DEFAULT 5 COMMENT 'a
line, `and` ''q'' \\', `ë` int, `it's "x"` int, KEY `k``k` (`select`, `sp ace`), KEY `CaSe` (`UPPER`));
CREATE TABLE `abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234` (id int PRIMARY KEY, `abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234` bigint);
CREATE VIEW `v w` AS SELECT `select` AS `x``y`, `sp ace` FROM `a``b`;
