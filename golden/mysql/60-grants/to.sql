CREATE TABLE t (a int, b int, c int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE PROCEDURE Mixed_Case() SELECT 1;
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE SEQUENCE s; -- mariadb
GRANT SELECT, EVENT, TRIGGER, EXECUTE, DROP ON * TO snap_test_one WITH GRANT OPTION;
SET @name = REPLACE(DATABASE(), '_', '\\_');
SET @grant = CONCAT('GRANT INSERT, ALTER, INDEX ON `', @name, '`.* TO snap_test_two@localhost');
PREPARE s FROM @grant;
EXECUTE s;
GRANT INSERT, INSERT (a, c), UPDATE (b), REFERENCES (a) ON t TO snap_test_one;
GRANT SELECT ON t TO snap_test_r WITH GRANT OPTION;
GRANT SELECT, INSERT ON t TO snap_test_two@localhost;
GRANT SELECT (a, b) ON v TO snap_test_one;
GRANT SELECT ON v TO snap_test_two@localhost;
GRANT ALTER ROUTINE ON PROCEDURE mixed_case TO snap_test_one WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION f TO snap_test_r;
GRANT INSERT, SELECT ON s TO snap_test_one; -- mariadb
GRANT UPDATE ON t TO PUBLIC; -- mariadb
