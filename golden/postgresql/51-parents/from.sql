CREATE TABLE p (a int, b int);
CREATE TABLE p2 (a int, b int);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d (a int, b int, x int);
CREATE TABLE e (x int) INHERITS (p);
CREATE TABLE f () INHERITS (p);
CREATE TABLE h (a int) INHERITS (p, p2);
