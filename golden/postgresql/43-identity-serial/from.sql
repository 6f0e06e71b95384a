CREATE TABLE t (id serial PRIMARY KEY, x int);
CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int);
CREATE TABLE w (id serial, x int);
CREATE TABLE y (id bigserial NOT NULL, x int);
