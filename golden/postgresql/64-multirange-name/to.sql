CREATE TYPE span AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = many_spans);
CREATE TABLE t (a many_spans, b span, c many_spans[]);
