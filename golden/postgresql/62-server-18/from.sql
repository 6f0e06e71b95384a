CREATE EXTENSION btree_gist;
CREATE COLLATION fast (provider = builtin, locale = 'PG_UNICODE_FAST');
CREATE TABLE p (id integer PRIMARY KEY, during daterange, name text COLLATE fast,
    CONSTRAINT p_during UNIQUE (id, during WITHOUT OVERLAPS));
CREATE TABLE t (id integer, during daterange, v integer GENERATED ALWAYS AS (id * 2) VIRTUAL, w text GENERATED ALWAYS AS ('a') VIRTUAL NOT NULL,
    x integer, y integer DEFAULT 5, CONSTRAINT x_small CHECK (x < 10) NOT ENFORCED, CONSTRAINT t_p FOREIGN KEY (id) REFERENCES p NOT ENFORCED,
    CONSTRAINT t_during FOREIGN KEY (id, PERIOD during) REFERENCES p (id, PERIOD during), CHECK (v > 0));
CREATE VIEW tv AS SELECT v, w FROM t;
CREATE POLICY seen ON t USING (v > 1);
CREATE TABLE parts (k integer CONSTRAINT k_there NOT NULL, f integer, n integer, v integer GENERATED ALWAYS AS (k + 1) VIRTUAL,
    CONSTRAINT parts_p FOREIGN KEY (f) REFERENCES p NOT VALID) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
ALTER TABLE part1 ADD CONSTRAINT n_there NOT NULL n NOT VALID;
CREATE TABLE base (a integer CONSTRAINT a_there NOT NULL NO INHERIT, b integer CONSTRAINT b_there NOT NULL);
CREATE TABLE child () INHERITS (base);
CREATE FUNCTION was() RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC UPDATE p SET id = id + 1 RETURNING old.id; END;
CREATE PUBLICATION pub FOR TABLE p WITH (publish_generated_columns = stored);
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION r CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, streaming = off);
