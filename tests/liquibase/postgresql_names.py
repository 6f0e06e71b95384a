"""A schema whose names are what a terminal, Markdown, YAML, psql, JDBC or SQL would like to take for
something of its own: one object of most kinds for each name."""

ALL = 'q"\'\n\x1b[31m\u202e${x};--$$/*\\*/ %s :x {{ y }}|`<b>'
NAMES = (ALL, 'q"' * 31, '\x1b]0;title\x07', '\u202egpj.exe', 'two\nlines\n', '${x}', "a';--", '$$ $x$ $$', '/* a', '*/ a', '\\', '#{')


def cut(text):
    """As the server cuts it."""
    return text.encode('utf8')[:63].decode('utf8', 'ignore')


def quoted(text):
    return '"%s"' % text.replace('"', '""')


def literal(text):
    return "E'%s'" % text.replace('\\', '\\\\').replace("'", "''")


def named(letter, text):
    return quoted(cut(letter + text))


def roles(names=NAMES):
    return [cut('snap_h' + text) for text in names]


# {x}: a name with that letter in front; {said}, {other}: texts as literals.
TEMPLATE = '''
CREATE SCHEMA {s};
SET search_path = {s};
CREATE TYPE {e} AS ENUM ({said}, 'new'{label});
CREATE DOMAIN {d} AS text DEFAULT {said} CONSTRAINT {k} CHECK (VALUE <> {said});
CREATE TYPE {c} AS ({a} integer, {b} text);
CREATE TYPE {r} AS RANGE (subtype = integer, multirange_type_name = {R});
CREATE COLLATION {l} (provider = libc, locale = 'C');
CREATE SEQUENCE {q};
CREATE TABLE {t} ({i} integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME {Q}), {a} text COLLATE {l} DEFAULT {said},
    {e} {e} DEFAULT {said}, {d} {d}, {c} {c}, {r} {r}, {n} bigint DEFAULT nextval({q_said}),
    {g} text GENERATED ALWAYS AS ({b} || {said}) STORED, {b} text{more},
    CONSTRAINT {p} PRIMARY KEY ({i}), CONSTRAINT {u} UNIQUE ({a}, {b}), CONSTRAINT {k} CHECK ({b} <> {other}));
CREATE TABLE {f} ({i} integer CONSTRAINT {F} REFERENCES {t} ON DELETE SET NULL, {a} int4range,
    CONSTRAINT {x} EXCLUDE USING gist ({a} WITH &&));
CREATE TABLE {P} ({i} integer, {a} text) PARTITION BY LIST ({a});
CREATE TABLE {h} PARTITION OF {P} FOR VALUES IN ({said});
CREATE TABLE {H} ({Z} text) INHERITS ({t});
CREATE INDEX {j} ON {t} (lower({b}), {a} DESC) WHERE {b} <> {other};
CREATE STATISTICS {S} ON {a}, {b} FROM {t};
CREATE VIEW {v} AS SELECT {i} AS {w}, {a}, {other} AS {z} FROM {t};
CREATE MATERIALIZED VIEW {m} AS SELECT {w} FROM {v} WHERE {a} <> {other};
CREATE INDEX {J} ON {m} ({w});
CREATE FUNCTION {y}({a} text DEFAULT {said}, {b} {c} DEFAULT NULL) RETURNS text LANGUAGE sql SET application_name = {said}
    AS $hostile$SELECT {other}$hostile$;
CREATE FUNCTION {T}() RETURNS trigger LANGUAGE plpgsql AS {body};
CREATE PROCEDURE {B}() LANGUAGE sql BEGIN ATOMIC DELETE FROM {f} WHERE {i} = 1; END;
CREATE AGGREGATE {A}(text) (sfunc = textcat, stype = text, initcond = {other});
CREATE TRIGGER {G} BEFORE UPDATE OF {a} ON {t} FOR EACH ROW WHEN (NEW.{b} <> {other}) EXECUTE FUNCTION {T}({said});
CREATE RULE {U} AS ON DELETE TO {f} WHERE OLD.{i} = 0 DO INSTEAD NOTHING;
CREATE POLICY {Y} ON {t} TO {o} USING ({b} <> {other});
ALTER TABLE {t} ENABLE ROW LEVEL SECURITY;
CREATE TEXT SEARCH DICTIONARY {D} (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION {C} (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION {C} ADD MAPPING FOR word WITH {D};
CREATE FOREIGN DATA WRAPPER {W} OPTIONS ({said_key} {other});
CREATE SERVER {V} TYPE {said} FOREIGN DATA WRAPPER {W} OPTIONS (host {other});
CREATE FOREIGN TABLE {M} ({a} text OPTIONS ({said_key} {said})) SERVER {V} OPTIONS ({said_key} {other});
CREATE PUBLICATION {L} FOR TABLE {t};
COMMENT ON TABLE {t} IS {other};
COMMENT ON COLUMN {t}.{a} IS {other};
COMMENT ON CONSTRAINT {k} ON {t} IS {said};
COMMENT ON FUNCTION {y}(text, {c}) IS {other};
COMMENT ON POLICY {Y} ON {t} IS {other};
GRANT {right} ON {t} TO {o};
GRANT SELECT ({a}) ON {f} TO {o} WITH GRANT OPTION;
GRANT USAGE ON SCHEMA {s} TO {o};
ALTER DEFAULT PRIVILEGES IN SCHEMA {s} GRANT {right} ON TABLES TO {o};
ALTER VIEW {v} OWNER TO {o};
RESET search_path;
'''
LETTERS = 'secdabkrRlqtiQgnpuxfFPhHZjSvwzmJyTBAGUYDCWVML'


def schema(names=NAMES, second=False):
    """`second`: the same names, and what hangs on them is different."""
    sql = []
    for text in names:
        said, other = literal(cut(text)), literal('x' + text if second else text)
        words = {letter: named(letter, text) for letter in LETTERS}
        body = 'BEGIN RETURN %s; END /*%s*/' % ('OLD' if second else 'NEW', text.replace('*/', '').replace('/*', ''))
        words.update(said=said, other=other, o=quoted(cut('snap_h' + text)), said_key=named('o', text),
                     q_said=literal(named('q', text)), body=literal(body),
                     label=', ' + literal(cut('b' + text)) if second else '',
                     more=', %s text' % named('O', text) if second else '',
                     right='SELECT, UPDATE' if second else 'SELECT')
        sql.append(TEMPLATE.format(**words))
    return 'SET client_min_messages = error;\n' + '\n'.join(sql)
