CREATE SCHEMA app AUTHORIZATION snap_test_reader;
CREATE SCHEMA ext;
CREATE SCHEMA other;
CREATE SCHEMA "Odd ""sch.ema"" /~ ä
next line";
CREATE EXTENSION hstore WITH SCHEMA other;
CREATE EXTENSION pg_trgm WITH SCHEMA ext;
CREATE TABLE "Odd ""sch.ema"" /~ ä
next line".t (h other.hstore, c text);
COMMENT ON SCHEMA app IS E'it''s \\ two\nlines';
COMMENT ON EXTENSION hstore IS 'keys and values';
COMMENT ON SCHEMA public IS NULL;
GRANT CREATE, USAGE ON SCHEMA app TO PUBLIC;
GRANT CREATE ON SCHEMA "Odd ""sch.ema"" /~ ä
next line" TO snap_test_writer WITH GRANT OPTION;
