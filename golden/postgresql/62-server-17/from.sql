CREATE COLLATION fixed (provider = builtin, locale = 'C.UTF-8');
CREATE COLLATION moving (provider = builtin, locale = 'C');
CREATE TABLE t (a text COLLATE fixed, b text COLLATE moving, n integer);
CREATE INDEX t_b ON t (b);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
GRANT MAINTAIN ON t TO snap_test_reader;
GRANT MAINTAIN ON m TO snap_test_reader WITH GRANT OPTION;
GRANT ALL ON t TO snap_test_writer;
ALTER DEFAULT PRIVILEGES GRANT MAINTAIN ON TABLES TO snap_test_reader;
CREATE TABLE parts (id bigint GENERATED ALWAYS AS IDENTITY, k integer, during daterange, x integer) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE part2 PARTITION OF parts FOR VALUES IN (2);
CREATE TABLE plain (id bigint NOT NULL, k integer) PARTITION BY LIST (k);
CREATE TABLE plain1 PARTITION OF plain FOR VALUES IN (1);
CREATE TABLE g (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE js (doc jsonb);
CREATE VIEW items AS SELECT j.* FROM js, JSON_TABLE(doc, '$.items[*]' COLUMNS (n FOR ORDINALITY, name text PATH '$.name',
    price numeric PATH '$.price' DEFAULT 0 ON EMPTY)) AS j;
CREATE VIEW asked AS SELECT JSON_VALUE(doc, '$.a' RETURNING integer) AS a, JSON_EXISTS(doc, '$.b') AS b FROM js;
CREATE FUNCTION merged() RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC
    MERGE INTO g USING t ON g.a = t.n WHEN NOT MATCHED THEN INSERT (a) VALUES (t.n) RETURNING g.a; END;
CREATE FUNCTION in_log() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER entered ON login EXECUTE FUNCTION in_log();
ALTER EVENT TRIGGER entered DISABLE;
CREATE DOMAIN named AS integer CONSTRAINT there NOT NULL;
CREATE DOMAIN open AS integer;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, failover);
CREATE SUBSCRIPTION r CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
