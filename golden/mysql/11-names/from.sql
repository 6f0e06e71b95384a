CREATE TABLE `a``b` (id int PRIMARY KEY, `select` int, `UPPER` int, `sp ace` int, `é` int, KEY `k``k` (`select`), KEY `CaSe` (`UPPER`));
CREATE TABLE `abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234` (id int PRIMARY KEY, `abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234` int);
CREATE VIEW `v w` AS SELECT `select` AS `x``y` FROM `a``b`;
