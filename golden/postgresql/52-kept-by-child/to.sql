CREATE TABLE a (q integer);
CREATE TABLE b (id integer, z integer) INHERITS (a);
CREATE TABLE named (id integer NOT NULL, body varchar, CONSTRAINT k UNIQUE (id));
ALTER TABLE named ALTER body SET STORAGE EXTERNAL, ALTER body SET COMPRESSION pglz;
CREATE TABLE stored (b text);
ALTER TABLE stored ALTER b SET STORAGE MAIN;
