CREATE TABLE t (a integer, b text, c tsvector, d int4range, e integer NOT NULL);
CREATE INDEX plain ON t (a);
CREATE UNIQUE INDEX uniq ON t (e);
CREATE INDEX opts ON t (b text_pattern_ops DESC NULLS LAST) WITH (fillfactor = 80);
CREATE INDEX gone ON t (a, b);
ALTER TABLE t REPLICA IDENTITY USING INDEX uniq;
ALTER TABLE t CLUSTER ON plain;
COMMENT ON INDEX plain IS 'one';
