CREATE TABLE t (a int, b int, c int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE PROCEDURE Mixed_Case() SELECT 1;
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE SEQUENCE s; -- mariadb
GRANT SELECT, LOCK TABLES, CREATE TEMPORARY TABLES ON * TO snap_test_one;
GRANT USAGE ON * TO snap_test_r WITH GRANT OPTION;
SET @name = REPLACE(DATABASE(), '_', '\\_');
SET @grant = CONCAT('GRANT INSERT, CREATE ROUTINE ON `', @name, '`.* TO snap_test_two@localhost');
PREPARE s FROM @grant;
EXECUTE s;
GRANT SELECT, UPDATE, INSERT (a, b), UPDATE (b) ON t TO snap_test_one WITH GRANT OPTION;
GRANT SELECT ON t TO snap_test_r;
GRANT ALL ON t TO snap_test_two@localhost;
GRANT SELECT (a) ON v TO snap_test_one;
GRANT SHOW VIEW ON v TO snap_test_r;
GRANT EXECUTE ON PROCEDURE mixed_case TO snap_test_one;
GRANT EXECUTE, ALTER ROUTINE ON FUNCTION f TO snap_test_r;
GRANT USAGE ON FUNCTION f TO snap_test_one WITH GRANT OPTION;
GRANT INSERT ON s TO snap_test_one; -- mariadb
GRANT SELECT ON t TO PUBLIC; -- mariadb
GRANT DELETE HISTORY ON * TO snap_test_two@localhost; -- mariadb
