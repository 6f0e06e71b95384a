CREATE TABLE t (a integer, b text, c tsvector, d int4range, e integer NOT NULL);
CREATE INDEX plain ON t (a) INCLUDE (b) WHERE a > 0;
CREATE UNIQUE INDEX uniq ON t (e DESC);
CREATE INDEX opts ON t (b text_pattern_ops DESC NULLS LAST) WITH (fillfactor = 90, deduplicate_items = off); -- 13+
CREATE INDEX opts ON t (b text_pattern_ops DESC NULLS LAST) WITH (fillfactor = 90); -- <13
CREATE INDEX expr ON t (lower(b), (a + e));
ALTER INDEX expr ALTER COLUMN 1 SET STATISTICS 300;
CREATE INDEX words ON t USING gin (c);
CREATE INDEX ranges ON t USING gist (d) WHERE d IS NOT NULL;
CREATE UNIQUE INDEX nulls ON t (a, b) NULLS NOT DISTINCT; -- 15+
CREATE UNIQUE INDEX nulls ON t (a, b); -- <15
ALTER TABLE t ADD EXCLUDE USING gist (d WITH &&);
ALTER TABLE t REPLICA IDENTITY USING INDEX uniq;
ALTER TABLE t CLUSTER ON opts;
COMMENT ON INDEX plain IS 'two';
