CREATE TYPE seconds AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = secs);
CREATE TYPE span AS RANGE (subtype = float8, multirange_type_name = span_set);
CREATE TABLE t (id integer PRIMARY KEY, open datemultirange NOT NULL, runs secs, x bigint, b text, c text COMPRESSION pglz, d varchar COMPRESSION pglz,
    many secs DEFAULT '{}');
CREATE INDEX t_open ON t USING gist (open, runs);
CREATE TABLE log (id integer, x bigint, said text);
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + a;
CREATE FUNCTION twice(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN a + a;
CREATE FUNCTION total(a integer, b integer DEFAULT 2) RETURNS bigint LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT x * total.a + total.b FROM t WHERE id = total.a; END;
CREATE PROCEDURE note(n integer) LANGUAGE sql
    BEGIN ATOMIC DELETE FROM log WHERE x < n; INSERT INTO log (id, x, said) SELECT id, x, b FROM t WHERE x > n; END;
CREATE PROCEDURE last(INOUT n bigint, OUT m text) LANGUAGE sql
    BEGIN ATOMIC SELECT max(x), min(said) FROM log; END;
CREATE VIEW doubled AS SELECT twice(x) AS x2, total(id) AS three FROM t;
CREATE VIEW joined AS SELECT j.id, t.x, l.said FROM t LEFT JOIN log l USING (id) AS j;
CREATE VIEW tree AS WITH RECURSIVE w (id, x) AS (SELECT id, x FROM t WHERE x IS NULL UNION ALL
    SELECT t.id, t.x FROM t JOIN w ON t.x = w.id) SEARCH BREADTH FIRST BY id, x SET seq CYCLE id SET loop TO 1 DEFAULT 0 USING path
    SELECT id FROM w WHERE loop = 0 ORDER BY seq;
CREATE STATISTICS st ON (x % 11), (lower(b)) FROM t;
