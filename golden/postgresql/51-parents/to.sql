CREATE TABLE p (a int, b int);
CREATE TABLE p2 (a int, b int);
CREATE TABLE c (a int) INHERITS (p);
CREATE TABLE d (a int, x int) INHERITS (p);
CREATE TABLE e (a int, b int, x int);
CREATE TABLE f () INHERITS (p2);
CREATE TABLE h (b int) INHERITS (p);
