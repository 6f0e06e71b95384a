CREATE TABLE p (a int, b int);
CREATE TABLE p2 (c int);
CREATE TABLE h () INHERITS (p, p2);
CREATE TABLE only_p2 (b int) INHERITS (p2);
