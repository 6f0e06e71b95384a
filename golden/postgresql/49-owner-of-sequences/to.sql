CREATE TABLE t (id serial, i int GENERATED ALWAYS AS IDENTITY);
ALTER TABLE t OWNER TO snap_owner_2;
GRANT USAGE ON SEQUENCE t_id_seq TO snap_owner_1;
GRANT SELECT ON t TO snap_owner_1;
