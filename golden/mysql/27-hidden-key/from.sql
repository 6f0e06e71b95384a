SET sql_generate_invisible_primary_key = 1;
CREATE TABLE t (a int);
SET sql_generate_invisible_primary_key = 0;
CREATE TABLE u (a int);
