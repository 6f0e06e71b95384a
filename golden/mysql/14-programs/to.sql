DELIMITER $$
CREATE FUNCTION f(x int, y int) RETURNS varchar(30) CHARSET utf8mb4 DETERMINISTIC BEGIN -- a comment; here
  IF x > 0 THEN RETURN 'it''s; è \\ $'; END IF; /* and; one */ RETURN NULL; END$$
CREATE PROCEDURE p(IN a bigint, INOUT b int) COMMENT 'two' READS SQL DATA BEGIN SET b = a + 2; END$$
SET sql_mode = ''$$
CREATE FUNCTION concats(a varchar(5)) RETURNS varchar(20) CHARSET utf8mb4 NO SQL RETURN a || 'x'$$
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'$$
CREATE PROCEDURE "quoted ""name"() SELECT 'a\' AS "x z"$$
SET sql_mode = DEFAULT$$
SET NAMES utf8mb4 COLLATE utf8mb4_bin$$
CREATE PROCEDURE session() SELECT 1$$
CREATE FUNCTION fsession() RETURNS int NO SQL RETURN 1$$
SET NAMES utf8mb4$$
CREATE DEFINER=`nobody`@`%` PROCEDURE definer() SELECT 1$$
CREATE DEFINER=`nobody`@`%` FUNCTION fdefiner() RETURNS int NO SQL RETURN 1$$
CREATE FUNCTION uses(x int) RETURNS int DETERMINISTIC RETURN length(f(x, 1))$$
