CREATE TABLE kept (i int, j int, k int);
GRANT SELECT ON kept TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT SELECT ON kept TO snap_test_reader;
RESET ROLE;

CREATE TABLE gets (i int);
GRANT INSERT ON gets TO snap_test_reader;
GRANT SELECT ON gets TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT SELECT ON gets TO snap_test_writer WITH GRANT OPTION;
SET ROLE snap_test_writer;
GRANT SELECT ON gets TO PUBLIC;
GRANT SELECT ON gets TO snap_test_reader;
RESET ROLE;

CREATE TABLE loses (i int, j int);
GRANT INSERT ON loses TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT INSERT ON loses TO snap_test_reader;
RESET ROLE;

CREATE TABLE columns (i int, j int, k int);
GRANT UPDATE (i) ON columns TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT UPDATE (i) ON columns TO snap_test_reader WITH GRANT OPTION;
SET ROLE snap_test_reader;
GRANT UPDATE (i) ON columns TO snap_test_writer;
RESET ROLE;

CREATE TABLE below (i int, j int);
GRANT SELECT ON below TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT SELECT (j) ON below TO snap_test_reader;
RESET ROLE;

CREATE TABLE made (i int);
GRANT ALL ON made TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT TRUNCATE ON made TO snap_test_reader;
GRANT UPDATE (i) ON made TO snap_test_writer;
RESET ROLE;

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT EXECUTE ON FUNCTION f() TO snap_test_writer;
RESET ROLE;

CREATE SEQUENCE owned;
ALTER SEQUENCE owned OWNER TO snap_test_new;
GRANT USAGE ON SEQUENCE owned TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT USAGE ON SEQUENCE owned TO snap_test_reader;
RESET ROLE;

ALTER DEFAULT PRIVILEGES FOR ROLE snap_test_writer GRANT SELECT ON TABLES TO snap_test_chief WITH GRANT OPTION;
