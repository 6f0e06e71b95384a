CREATE TABLE t (a integer);
CREATE INDEX broken ON t (a);
