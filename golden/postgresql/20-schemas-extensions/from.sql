CREATE SCHEMA app AUTHORIZATION snap_test_writer;
CREATE SCHEMA ext;
CREATE SCHEMA "Odd ""sch.ema"" /~ ä
next line";
CREATE EXTENSION hstore WITH SCHEMA ext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION citext WITH SCHEMA public;
CREATE TABLE "Odd ""sch.ema"" /~ ä
next line".t (h ext.hstore, c citext);
COMMENT ON SCHEMA app IS 'one';
COMMENT ON EXTENSION hstore IS 'pairs';
GRANT USAGE ON SCHEMA app TO snap_test_reader;
