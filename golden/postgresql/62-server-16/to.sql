CREATE COLLATION ruled (provider = icu, locale = 'und', rules = '&a < g < x');
CREATE COLLATION plain (provider = icu, locale = 'de-u-co-phonebk', rules = '& '':'' < a', deterministic = false);
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
CREATE TABLE t (a text COLLATE ruled, b text COLLATE plain, c text COLLATE loose, d jsonb STORAGE main, e text,
    f text CHECK (f IS JSON ARRAY), g jsonb STORAGE external);
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_c ON t (c);
CREATE VIEW v AS SELECT a IS JSON OBJECT AS o, JSON_OBJECT('k': b, 'l': c ABSENT ON NULL RETURNING jsonb) AS made,
    JSON_ARRAY(a, b NULL ON NULL) AS list FROM t;
CREATE VIEW w AS SELECT any_value(a) AS a, JSON_ARRAYAGG(b ORDER BY a) AS all_of FROM t;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION p
    WITH (connect = false, slot_name = NONE, origin = none, run_as_owner, streaming = parallel, password_required = false);
CREATE SUBSCRIPTION r CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, streaming = on);
ALTER SUBSCRIPTION s OWNER TO snap_test_super;
