CREATE TABLE t (id serial, i int);
CREATE TABLE a (id serial);
CREATE TABLE b (id int);
ALTER TABLE b OWNER TO snap_owner_1;
