CREATE TABLE t (a int, b int);
GRANT SELECT (b) ON t TO snap_test_one;
ALTER TABLE t DROP COLUMN b;
