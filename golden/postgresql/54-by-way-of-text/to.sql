CREATE TYPE c1 AS (a int, b text);
CREATE TYPE c2 AS (a bigint, b text);
CREATE TYPE e1 AS ENUM ('a','b');
CREATE TYPE e2 AS ENUM ('a','b', 'c');
CREATE TABLE row1 (a int, b text);
CREATE TABLE t (a c2, b e2, c c2[], d c1, e e2[]);
