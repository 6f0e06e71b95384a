CREATE TABLE t (a tstzrange, b integer);
