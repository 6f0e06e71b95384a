CREATE TABLE t (a daterange, b integer);
