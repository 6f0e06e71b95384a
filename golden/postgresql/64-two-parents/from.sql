-- A column that two parents have stays inherited when one of them loses it.
CREATE TABLE p (a int, b int);
CREATE TABLE p2 (b int, c int);
CREATE TABLE h () INHERITS (p, p2);
CREATE TABLE only_p2 () INHERITS (p2);
