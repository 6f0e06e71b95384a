CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE p (a integer, b integer, n numeric(4, -2), PRIMARY KEY (a, b));
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, code text, label text, region text NOT NULL DEFAULT 'x',
    CONSTRAINT t_code UNIQUE NULLS NOT DISTINCT (code), CONSTRAINT t_label UNIQUE (label),
    CONSTRAINT t_p FOREIGN KEY (a, b) REFERENCES p ON DELETE SET DEFAULT (a, b));
CREATE UNIQUE INDEX t_ab ON t (a, b) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX t_ba ON t (b, a) WHERE a > 0;
CREATE TABLE parts (k integer, v text, CONSTRAINT parts_v UNIQUE (k, v)) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
CREATE VIEW plain WITH (security_invoker = true) AS SELECT id, code FROM t;
CREATE VIEW asker AS SELECT id, code, label FROM t;
CREATE VIEW total WITH (security_invoker = false) AS SELECT id FROM t WHERE id > 0 WITH LOCAL CHECK OPTION;
GRANT SELECT ON asker TO snap_test_reader;
CREATE SEQUENCE numbers;
CREATE UNLOGGED SEQUENCE kept;
CREATE PROCEDURE merged(m integer) LANGUAGE sql BEGIN ATOMIC
    MERGE INTO t USING p ON t.a = p.a WHEN MATCHED AND p.b > m THEN DELETE
        WHEN NOT MATCHED AND p.b > 0 THEN INSERT (id, a) VALUES (p.a, p.b) WHEN NOT MATCHED THEN DO NOTHING; END;
CREATE PUBLICATION filtered FOR TABLE t (id, code) WHERE (id > 20), p (a, b) WHERE (a = 1 OR b IN (1, 2));
CREATE PUBLICATION whole FOR TABLES IN SCHEMA other, TABLE t;
CREATE PUBLICATION tables FOR TABLE part1 (k), p;
