CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE p (a integer, b integer, n numeric(3, -2), PRIMARY KEY (a, b));
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, code text, label text, region text NOT NULL DEFAULT 'x',
    CONSTRAINT t_code UNIQUE (code), CONSTRAINT t_label UNIQUE NULLS NOT DISTINCT (label),
    CONSTRAINT t_p FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b));
CREATE UNIQUE INDEX t_ab ON t (a, b);
CREATE UNIQUE INDEX t_ba ON t (b, a) NULLS NOT DISTINCT WHERE a > 0;
CREATE TABLE parts (k integer, v text, CONSTRAINT parts_v UNIQUE NULLS NOT DISTINCT (k, v)) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
CREATE VIEW plain AS SELECT id, code FROM t;
CREATE VIEW asker WITH (security_invoker = true) AS SELECT id, code FROM t;
CREATE VIEW total WITH (security_invoker, security_barrier = true) AS SELECT id FROM t WHERE id > 0 WITH CASCADED CHECK OPTION;
GRANT SELECT ON asker TO snap_test_reader;
CREATE UNLOGGED SEQUENCE numbers;
CREATE SEQUENCE kept;
CREATE PROCEDURE merged(m integer) LANGUAGE sql BEGIN ATOMIC
    MERGE INTO t USING p ON t.a = p.a WHEN MATCHED AND p.b > m THEN UPDATE SET b = p.b
        WHEN NOT MATCHED THEN INSERT (id, a) VALUES (p.a, p.b); END;
CREATE PUBLICATION filtered FOR TABLE t (id, code, region) WHERE (id > 10), p;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA app, other WITH (publish = 'insert, delete');
CREATE PUBLICATION tables FOR TABLE parts WHERE (k > 0) WITH (publish_via_partition_root);
