CREATE SCHEMA app;
CREATE SEQUENCE app.s INCREMENT 2 MINVALUE 10 START 20;
CREATE SEQUENCE app.small AS smallint;
CREATE TABLE app.t (a integer DEFAULT nextval('app.s'), b text);
GRANT USAGE ON SCHEMA app TO snap_test_reader;
GRANT SELECT, UPDATE (b) ON app.t TO snap_test_reader;
GRANT ALL ON app.t TO snap_test_writer;
GRANT SELECT ON app.s TO PUBLIC;
