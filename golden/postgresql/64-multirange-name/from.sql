-- A multirange gets another name while columns are of it.
CREATE TYPE span AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = spans);
CREATE TABLE t (a spans, b span, c spans[]);
