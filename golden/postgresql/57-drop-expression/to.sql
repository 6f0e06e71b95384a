CREATE TABLE t (a integer, b integer DEFAULT 5, c text, "D d" text NOT NULL);
CREATE INDEX t_b ON t (b, a);
ALTER TABLE t ADD CONSTRAINT t_check CHECK (b >= 0);
ALTER TABLE t ADD CONSTRAINT t_d UNIQUE ("D d");
CREATE VIEW v AS SELECT b, "D d" FROM t;
COMMENT ON COLUMN t.b IS 'twice';
GRANT SELECT (b) ON t TO PUBLIC;
CREATE TABLE u (d text REFERENCES t ("D d"));
