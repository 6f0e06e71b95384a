CREATE TYPE seconds AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = secs);
CREATE TYPE span AS RANGE (subtype = float8, multirange_type_name = spans);
CREATE TABLE t (id integer PRIMARY KEY, open datemultirange, runs secs, x integer, b text COMPRESSION pglz, c text, d text COMPRESSION pglz);
CREATE INDEX t_open ON t USING gist (open);
CREATE TABLE log (id integer, x integer, said text);
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a * 2;
CREATE FUNCTION total(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT x + total.a + total.b FROM t WHERE id = total.a; END;
CREATE PROCEDURE note(n integer) LANGUAGE sql
    BEGIN ATOMIC INSERT INTO log (id, x) SELECT id, x FROM t WHERE x > n; DELETE FROM log WHERE x < n; END;
CREATE PROCEDURE last(INOUT n integer, OUT m text) LANGUAGE sql
    BEGIN ATOMIC SELECT max(x), max(said) FROM log; END;
CREATE VIEW doubled AS SELECT twice(x) AS x2 FROM t;
CREATE VIEW joined AS SELECT j.id, t.x, l.said FROM t JOIN log l USING (id) AS j;
CREATE VIEW tree AS WITH RECURSIVE w (id, x) AS (SELECT id, x FROM t WHERE x IS NULL UNION ALL
    SELECT t.id, t.x FROM t JOIN w ON t.x = w.id) SEARCH DEPTH FIRST BY id SET seq CYCLE id SET loop USING path
    SELECT id FROM w WHERE NOT loop ORDER BY seq;
CREATE STATISTICS st ON (x % 10), (lower(b)) FROM t;
