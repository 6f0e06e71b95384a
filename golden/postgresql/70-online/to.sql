CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer NOT NULL PRIMARY KEY, ref integer REFERENCES p ON DELETE CASCADE, a integer NOT NULL, b text,
    u integer CONSTRAINT uq UNIQUE DEFERRABLE INITIALLY DEFERRED, proven integer NOT NULL CHECK (proven IS NOT NULL),
    "odd ) name" integer, named integer NOT NULL, added text DEFAULT 'x', CONSTRAINT snap_not_null CHECK (a > -1000),
    CONSTRAINT odd UNIQUE ("odd ) name", id) INCLUDE (a));
CREATE INDEX comes ON t (lower(b), a DESC) WITH (fillfactor = 70) WHERE a > 3;
COMMENT ON INDEX comes IS 'comes';
CREATE UNIQUE INDEX changes ON t (a, id);
ALTER TABLE t REPLICA IDENTITY USING INDEX changes;
ALTER TABLE t ADD CONSTRAINT comes CHECK (a < 1000000);
COMMENT ON CONSTRAINT comes ON t IS 'comes';
ALTER TABLE t ADD CONSTRAINT waits CHECK (a < 2000000) NOT VALID;
CREATE TABLE parts (k integer NOT NULL, b text, part_check integer CONSTRAINT own_check CHECK (part_check > 0), more integer NOT NULL DEFAULT 5,
    CONSTRAINT whole CHECK (k >= 0)) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE TABLE parts_2 (k integer NOT NULL, b text, part_check integer CONSTRAINT own_check CHECK (part_check > 0));
CREATE INDEX parts_b ON parts (b);
ALTER TABLE parts ADD FOREIGN KEY (part_check) REFERENCES p;
ALTER TABLE parts ADD CONSTRAINT parts_key PRIMARY KEY (k);
CREATE TABLE plain_null (a integer NOT NULL, b integer NOT NULL);
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
CREATE VIEW v AS SELECT added FROM t;
CREATE TABLE new (id integer PRIMARY KEY, ref integer UNIQUE REFERENCES p CHECK (ref > 0));
CREATE INDEX new_i ON new (ref);
