"""Schemas and pairs for the real Liquibase on PostgreSQL. Roles of ROLES must be there."""

ROLES = ['lb_reader', 'lb "writer" x']

# What Liquibase's own generator loses.
EVERYTHING = r"""
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok');
CREATE TABLE app.person (
    id bigint GENERATED ALWAYS AS IDENTITY (START 7 INCREMENT 3) PRIMARY KEY,
    old serial, name text COLLATE "C" NOT NULL DEFAULT 'a\b''c',
    mail varchar(80) CONSTRAINT mail_form CHECK (mail ~ '^[^@\s]+@'), feeling app.mood DEFAULT 'sad',
    tags text[], data jsonb DEFAULT '{"a": "${x}"}', born date, gone boolean NOT NULL DEFAULT false,
    size numeric(12,3) GENERATED ALWAYS AS (length(name) * 2) STORED, "Odd Name" integer);
COMMENT ON TABLE app.person IS E'people\n''${DB_PASSWORD}''; -- \\ $$';
CREATE TABLE app.visit (person bigint REFERENCES app.person ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    at timestamptz NOT NULL, room int, CHECK (room BETWEEN 1 AND 9)) PARTITION BY RANGE (at);
CREATE TABLE app.visit_1 PARTITION OF app.visit FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE app.visit_rest PARTITION OF app.visit DEFAULT;
CREATE INDEX visit_at ON app.visit (at DESC NULLS LAST, room NULLS FIRST);
CREATE INDEX person_tags ON app.person USING gin (tags);
CREATE INDEX person_name ON app.person (name text_pattern_ops) INCLUDE (mail, born);
CREATE INDEX person_here ON app.person (born) WHERE NOT gone;
CREATE UNIQUE INDEX person_mail ON app.person (lower(mail)) WHERE gone IS FALSE;
CREATE INDEX person_key ON app.person (id) WHERE data ? 'key';
CREATE INDEX person_last ON app.person (born NULLS LAST, id DESC NULLS LAST);
CREATE VIEW app.adults WITH (security_barrier = true) AS SELECT id, name FROM app.person WHERE born < '2000-01-01'
    WITH LOCAL CHECK OPTION;
CREATE VIEW app.keyed AS SELECT id FROM app.person WHERE data ?| ARRAY['a', 'b'] OR data ? '?';
CREATE MATERIALIZED VIEW app.count AS SELECT count(*) AS n FROM app.person WITH NO DATA;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name := NEW.name || '; "' || '\'; -- ${x} $1 ? {d 'x'}
    RETURN NEW;
END $$;
CREATE FUNCTION app.later() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM app.person WHERE data ? ''k''';
CREATE FUNCTION app.atomic(a int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT a; SELECT CASE WHEN a > 1 THEN 2 END; END;
CREATE PROCEDURE app.work(INOUT a int DEFAULT 3) LANGUAGE plpgsql AS 'BEGIN a := a + 1; END';
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF name ON app.person FOR EACH ROW
    WHEN (NEW.data ? 'x') EXECUTE FUNCTION app.touch();
CREATE RULE quiet AS ON DELETE TO app.person WHERE OLD.gone DO INSTEAD (SELECT 1; SELECT 2);
ALTER TABLE app.person ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.person FOR SELECT TO lb_reader USING (name = current_user OR data ? 'all');
GRANT USAGE ON SCHEMA app TO lb_reader, "lb ""writer"" x";
GRANT SELECT, UPDATE (name) ON app.person TO lb_reader;
GRANT ALL ON app.visit TO "lb ""writer"" x" WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION app.later() FROM PUBLIC;
CREATE OPERATOR app.?? (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO lb_reader;
"""

BASE = """
CREATE TABLE t (id int PRIMARY KEY, name varchar(20) NOT NULL, price numeric(8,2) DEFAULT 1.5, note text);
CREATE TABLE child (id int, t int CONSTRAINT child_t REFERENCES t, UNIQUE (id));
CREATE INDEX t_name ON t (name);
CREATE VIEW v AS SELECT id, name FROM t WHERE price > 1;
CREATE SEQUENCE s;
CREATE TYPE mood AS ENUM ('a', 'c');
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1 + a';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
"""

# name: (before, after)
PAIRS = {
    'a label is added and used': (BASE + "CREATE TABLE m (x mood DEFAULT 'a');",
                                  BASE.replace("'a', 'c'", "'a', 'b', 'c', 'd'") +
                                  "CREATE TABLE m (x mood DEFAULT 'b', CHECK (x <> 'd'));"),
    'a label goes': (BASE + "CREATE TABLE m (x mood DEFAULT 'a');",
                     BASE.replace("'a', 'c'", "'c'") + "CREATE TABLE m (x mood DEFAULT 'c');"),
    'functions that need each other': (
        BASE, 'SET check_function_bodies = off;' + BASE.replace("'SELECT 1 + a'", "'SELECT g(a)'") +
        "CREATE FUNCTION h(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'; "
        "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT h(a)';"),
    'a type under a view': (BASE, BASE.replace('varchar(20)', 'text')),
    'a column under a view': (BASE, BASE.replace('id, name FROM', 'id, note, name FROM')),
    'a column goes': (BASE, BASE.replace(', note text', '')),
    'columns come': (BASE, BASE.replace('note text', 'note text, x int NOT NULL DEFAULT 4, '
                                        'y int GENERATED ALWAYS AS IDENTITY')),
    'indexes': (BASE, BASE.replace('ON t (name)', 'ON t (name DESC, id)') +
                'CREATE UNIQUE INDEX u ON child (t, id DESC); CREATE INDEX part ON t (id) WHERE note IS NULL;'),
    'a key': (BASE, BASE.replace('REFERENCES t,', 'REFERENCES t ON DELETE SET NULL,')),
    'comments': (BASE, BASE + "COMMENT ON TABLE t IS 'it''s\\'; COMMENT ON COLUMN t.id IS E'a\\rb';"),
    'everything goes': (BASE, ''),
}
