CREATE COLLATION ruled (provider = icu, locale = 'und', rules = '&a < g');
CREATE COLLATION plain (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text COLLATE ruled, b text COLLATE plain, c text COLLATE loose, d jsonb STORAGE external, e text STORAGE main,
    f text CHECK (f IS JSON), g jsonb);
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_c ON t (c);
CREATE VIEW v AS SELECT a IS JSON OBJECT WITH UNIQUE KEYS AS o, JSON_OBJECT('k': b, 'l': c ABSENT ON NULL) AS made,
    JSON_ARRAY(a, b NULL ON NULL) AS list FROM t;
CREATE VIEW w AS SELECT any_value(a) AS a, JSON_OBJECTAGG(a: b) AS all_of FROM t;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION r CONNECTION 'host=nowhere dbname=x' PUBLICATION p
    WITH (connect = false, slot_name = NONE, origin = none, run_as_owner, streaming = parallel, password_required = false);
