CREATE TABLE t (a bigint PRIMARY KEY, b varchar(30), c numeric(12,3), d date);
CREATE VIEW v AS SELECT a, b, d FROM t;
CREATE VIEW over_v WITH (security_invoker) AS SELECT d, a FROM v WHERE b <> 'y'; -- 15+
CREATE VIEW over_v WITH (security_barrier) AS SELECT d, a FROM v WHERE b <> 'y'; -- <15
CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM over_v WITH NO DATA;
CREATE UNIQUE INDEX m_n ON m (n);
CREATE VIEW checked AS SELECT a, c FROM t WHERE c > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW grouped AS SELECT a, b, count(*) AS n FROM t GROUP BY a;
COMMENT ON VIEW v IS 'all three';
GRANT SELECT, INSERT ON over_v TO snap_test_writer WITH GRANT OPTION;
GRANT SELECT ON over_v TO snap_test_reader;
