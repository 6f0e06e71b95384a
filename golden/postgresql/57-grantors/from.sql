-- Grants that others than the owner have made.
CREATE TABLE kept (i int, j int);
GRANT SELECT ON kept TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT SELECT ON kept TO snap_test_reader;
RESET ROLE;

CREATE TABLE gets (i int);
GRANT INSERT ON gets TO snap_test_reader;

CREATE TABLE loses (i int, j int);
GRANT SELECT, INSERT ON loses TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT SELECT ON loses TO snap_test_writer WITH GRANT OPTION;
GRANT INSERT ON loses TO snap_test_reader;
SET ROLE snap_test_writer;
GRANT SELECT ON loses TO snap_test_reader;
RESET ROLE;

CREATE TABLE columns (i int, j int, k int);
GRANT UPDATE (i) ON columns TO snap_test_chief WITH GRANT OPTION;
GRANT SELECT ON columns TO snap_test_chief;
SET ROLE snap_test_chief;
GRANT UPDATE (i) ON columns TO snap_test_reader;
RESET ROLE;

CREATE TABLE below (i int, j int);
GRANT SELECT ON below TO snap_test_chief WITH GRANT OPTION;

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION f() TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT EXECUTE ON FUNCTION f() TO snap_test_reader;
RESET ROLE;

CREATE SEQUENCE owned;
ALTER SEQUENCE owned OWNER TO snap_test_writer;
GRANT USAGE ON SEQUENCE owned TO snap_test_chief WITH GRANT OPTION;
SET ROLE snap_test_chief;
GRANT USAGE ON SEQUENCE owned TO snap_test_reader;
RESET ROLE;
