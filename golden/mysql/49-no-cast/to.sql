CREATE TABLE t (id uuid NOT NULL PRIMARY KEY, a point, b inet6 NOT NULL, c uuid, d date, e uuid, KEY b (b, c), UNIQUE KEY c (c), CONSTRAINT k CHECK (a is null or id is not null));
