CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone TEXT);
CREATE VIEW v AS SELECT id, "a string" AS s FROM t WHERE a <> "not me";
CREATE INDEX i ON t (a) WHERE a <> "x y";
