CREATE TABLE t (a integer CONSTRAINT a_is_there NOT NULL, b integer, c integer NOT NULL, d integer,
    e integer CONSTRAINT e_there NOT NULL, f integer, g integer CONSTRAINT g_there NOT NULL,
    h integer);
ALTER TABLE t ADD CONSTRAINT d_there NOT NULL d;
ALTER TABLE t ADD CONSTRAINT f_there NOT NULL f NOT VALID;
ALTER TABLE t ADD NOT NULL h NOT VALID;
COMMENT ON CONSTRAINT a_is_there ON t IS 'two';
COMMENT ON CONSTRAINT f_there ON t IS 'comes';
CREATE TABLE new (z integer NOT NULL, y integer NOT NULL);
CREATE TABLE parent (p integer CONSTRAINT is_there NOT NULL, q integer CONSTRAINT q_there NOT NULL) PARTITION BY LIST (p);
CREATE TABLE part PARTITION OF parent FOR VALUES IN (1);
CREATE TABLE base (k integer, l integer CONSTRAINT l_there NOT NULL);
CREATE TABLE derived (m integer) INHERITS (base);
