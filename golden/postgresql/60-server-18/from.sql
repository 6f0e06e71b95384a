CREATE TABLE t (a integer CONSTRAINT a_there NOT NULL, b integer CONSTRAINT b_there NOT NULL, c integer NOT NULL,
    d integer, e integer, f integer, g integer CONSTRAINT g_there NOT NULL NO INHERIT, h integer NOT NULL);
ALTER TABLE t ADD CONSTRAINT d_there NOT NULL d NOT VALID;
ALTER TABLE t ADD NOT NULL e NOT VALID;
COMMENT ON CONSTRAINT a_there ON t IS 'one';
COMMENT ON CONSTRAINT b_there ON t IS 'goes';
CREATE TABLE old (x integer NOT NULL, y integer);
ALTER TABLE old RENAME TO new;
ALTER TABLE new RENAME COLUMN x TO z;
CREATE TABLE parent (p integer CONSTRAINT there NOT NULL, q integer) PARTITION BY LIST (p);
CREATE TABLE part PARTITION OF parent FOR VALUES IN (1);
CREATE TABLE base (k integer CONSTRAINT k_there NOT NULL, l integer);
CREATE TABLE derived (m integer) INHERITS (base);
