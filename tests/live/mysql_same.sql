SET SESSION sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';
/*M! SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_CREATE_USER') */;
CREATE TABLE t_int (a tinyint, b smallint unsigned, c mediumint, d int NOT NULL DEFAULT 5, e bigint unsigned, f int(5), g int(8) zerofill, h bool, i tinyint(1), j bit(3) DEFAULT b'101', k int NOT NULL AUTO_INCREMENT PRIMARY KEY, l integer default -7);
CREATE TABLE t_num (a decimal(10,2) DEFAULT 1.50, b numeric, c float, d double DEFAULT 0, e float(7,3), f double(10,2) unsigned, g decimal(5) NOT NULL DEFAULT '3');
CREATE TABLE t_text (a char(3) DEFAULT '', b varchar(10) NOT NULL DEFAULT 'x''y', c text, d mediumtext NOT NULL, e varchar(5) CHARACTER SET latin1, f varchar(5) CHARACTER SET utf8mb3, g varchar(5) COLLATE utf8mb4_bin, h enum('a','b') DEFAULT 'a', i set('x','y') NOT NULL DEFAULT '', j varchar(4) DEFAULT 'NULL', k varchar(3) DEFAULT NULL, l longtext, m tinytext) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE t_bin (a binary(3) DEFAULT 'a', b varbinary(10) DEFAULT 'b', c blob, d longblob NOT NULL, e tinyblob, f mediumblob);
CREATE TABLE t_time (a date DEFAULT '2020-01-01', b time, c datetime(3), d timestamp NULL, e timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, f datetime(6) DEFAULT CURRENT_TIMESTAMP(6), g year DEFAULT 2000, h year(4), i datetime DEFAULT now());
CREATE TABLE t_json (a json, b json NOT NULL);
CREATE TABLE t_geo (a geometry, b point NOT NULL, c polygon, SPATIAL KEY sb (b));
CREATE TABLE t_exp (a int DEFAULT (1 + 2), b varchar(40) DEFAULT (uuid()), c varchar(20) DEFAULT (concat('a', 'b')), d int, e int AS (d * 2 + 1) VIRTUAL, f int AS (d + 1) STORED, g varchar(40) AS (concat(c, 'x', upper(c))) STORED, h date DEFAULT (curdate()));
CREATE TABLE t_chk (a int CHECK (a > 0), b int, c varchar(5), CONSTRAINT cb CHECK (b < 10 and c <> 'x'), CHECK (b > a));
CREATE TABLE p1 (a int PRIMARY KEY, b int, UNIQUE KEY (b));
CREATE TABLE t_fk (a int, b int, c int, FOREIGN KEY (a) REFERENCES p1 (a), CONSTRAINT f2 FOREIGN KEY (b) REFERENCES p1 (a) ON DELETE RESTRICT ON UPDATE CASCADE, CONSTRAINT f3 FOREIGN KEY (c) REFERENCES p1 (b) ON DELETE NO ACTION ON UPDATE SET NULL);
CREATE TABLE t_key (a int, b int, c varchar(100), d text, KEY (a, b), KEY kc (c(10)) COMMENT 'k', UNIQUE KEY ku (b DESC), FULLTEXT KEY kf (d), KEY kh (a) USING BTREE, KEY kx (a) USING HASH);
CREATE TABLE t_opt (a int) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='it''s' MAX_ROWS=100;
CREATE TABLE t_part (a int, b date) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE t_hash (a int) PARTITION BY HASH (a) PARTITIONS 4;
CREATE TABLE t_list (a int, b int) PARTITION BY LIST COLUMNS (a, b) (PARTITION x VALUES IN ((1, 2), (3, 4)));
CREATE TABLE t_inv (a int, b int INVISIBLE, c varchar(3) COMMENT 'c');
CREATE TABLE t_lat (a varchar(10), b varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci) DEFAULT CHARSET=latin1;
CREATE TABLE t_my (a int) ENGINE=MyISAM;
CREATE TABLE t_words (`select` int, `a b` int, `q``q` int);
CREATE VIEW v1 AS SELECT a, b + 1 AS c, count(*) AS n FROM p1 WHERE b > 3 GROUP BY a, b;
CREATE VIEW v2 AS SELECT x.a, y.b FROM p1 x JOIN t_fk y ON x.a = y.a WHERE y.c = 'x' OR y.c IS NULL WITH CHECK OPTION;
DELIMITER $$
CREATE FUNCTION f1(x int) RETURNS int DETERMINISTIC BEGIN DECLARE y int; SET y = x + 1; RETURN y; END$$
CREATE FUNCTION f2(x varchar(10)) RETURNS varchar(20) CHARSET utf8mb4 DETERMINISTIC NO SQL RETURN concat(x, 'a')$$
CREATE PROCEDURE pr1(IN a int, OUT b varchar(10)) SQL SECURITY INVOKER COMMENT 'c' BEGIN IF a THEN SET b = '1'; END IF; END$$
CREATE TRIGGER tr1 BEFORE INSERT ON p1 FOR EACH ROW BEGIN SET NEW.b = NEW.a; SET NEW.b = NEW.b + 1; END$$
CREATE TRIGGER tr2 BEFORE INSERT ON p1 FOR EACH ROW SET NEW.b = 2$$
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' DO DELETE FROM p1$$
DELIMITER ;
