CREATE TABLE a (q integer, id integer);
CREATE TABLE b (z integer) INHERITS (a);
CREATE TABLE named (id integer NOT NULL, body text, CONSTRAINT k UNIQUE (id));
ALTER TABLE named REPLICA IDENTITY USING INDEX k;
ALTER TABLE named ALTER body SET STORAGE EXTERNAL, ALTER body SET COMPRESSION pglz;
CREATE TABLE stored (b text);
