CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer NOT NULL, ref integer, a integer, b text, u integer, gone text, proven integer CHECK (proven IS NOT NULL),
    "odd ) name" integer, named integer, CONSTRAINT snap_not_null CHECK (a > -1000));
CREATE INDEX goes ON t (b);
CREATE INDEX changes ON t (a);
ALTER TABLE t ADD CONSTRAINT goes CHECK (a < 100000);
CREATE TABLE parts (k integer NOT NULL, b text, part_check integer CONSTRAINT own_check CHECK (part_check > 0)) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200);
CREATE TABLE plain_null (a integer, b integer);
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
