CREATE TABLE t (id serial, i int);
ALTER TABLE t OWNER TO snap_owner_2;
ALTER SEQUENCE t_id_seq OWNED BY t.i;
CREATE TABLE a (id serial);
CREATE TABLE b (id int);
ALTER TABLE b OWNER TO snap_owner_2;
ALTER SEQUENCE a_id_seq OWNED BY NONE;
ALTER SEQUENCE a_id_seq OWNER TO snap_owner_2;
ALTER SEQUENCE a_id_seq OWNED BY b.id;
