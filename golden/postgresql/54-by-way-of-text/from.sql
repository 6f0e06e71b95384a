CREATE TYPE c1 AS (a int, b text);
CREATE TYPE c2 AS (a bigint, b text);
CREATE TYPE e1 AS ENUM ('a','b');
CREATE TYPE e2 AS ENUM ('a','b', 'c');
CREATE TABLE row1 (a int, b text);
CREATE TABLE t (a c1, b e1, c c1[], d row1, e e1[]);
