CREATE EXTENSION btree_gist;
CREATE COLLATION fast (provider = builtin, locale = 'C.UTF-8');
CREATE TABLE p (id integer PRIMARY KEY, during daterange, name text COLLATE fast,
    CONSTRAINT p_during UNIQUE (id, during WITHOUT OVERLAPS) DEFERRABLE);
CREATE TABLE t (id integer, during daterange, v integer GENERATED ALWAYS AS (id * 3) VIRTUAL, w text GENERATED ALWAYS AS ('a') VIRTUAL,
    x integer GENERATED ALWAYS AS (id) VIRTUAL, y integer, CONSTRAINT t_p FOREIGN KEY (id) REFERENCES p,
    CHECK (v > 1));
CREATE VIEW tv AS SELECT v, w, x FROM t;
CREATE POLICY seen ON t USING (v > 2);
CREATE TABLE parts (k integer CONSTRAINT k_is_there NOT NULL, f integer, n integer CONSTRAINT parts_n NOT NULL, v integer GENERATED ALWAYS AS (k + 2) VIRTUAL,
    CONSTRAINT parts_p FOREIGN KEY (f) REFERENCES p) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE base (a integer CONSTRAINT a_there NOT NULL, b integer CONSTRAINT b_there NOT NULL NO INHERIT);
CREATE TABLE child () INHERITS (base);
CREATE FUNCTION was() RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC UPDATE p SET id = id + 1 RETURNING new.id + old.id; END;
CREATE PUBLICATION pub FOR TABLE p;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, two_phase, streaming = on);
CREATE SUBSCRIPTION r CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
