"""Random DDL for a live PostgreSQL database: what is changed is chosen from its catalogs.

Each function under @mutation takes the session and the random numbers and gives statements, a list of
them (all or none, but for those with a ? in front), or None. What the server refuses is passed by.
"""
import subprocess

MUTATIONS = []  # (weight, function)
MARK = 'end of the answer \x1e'
NAMES = ['n1', 'n2', 'n3', 'N "x"', 'order', 'kind', 'état', 'b c']
ROLES = ['snap_test_reader', 'snap_test_writer', 'PUBLIC']
OWNERS = ['postgres', 'snap_test_reader', 'snap_test_writer']
OWN = """n.nspname !~ '^(pg_|information_schema)' AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
    AND e.objid = %s.oid AND e.classid = %s.tableoid)"""
VALUES = {  # of a type: defaults, and rows by the number i
    'integer': (['0', '7', '-1', '(1 + 2)'], 'i'), 'bigint': (['0', '9'], 'i'), 'smallint': (['1'], 'i'),
    'numeric': (['0', '1.50'], 'i + 0.5'), 'numeric(10,2)': (['0.10'], 'i + 0.5'), 'text': (["''", "'a\"b'", "'it''s'"], "'r' || i"),
    'character varying(20)': (["'x'", "''::text"], "'v' || i"), 'boolean': (['true', 'NOT true'], 'i % 2 = 0'),
    'date': (['CURRENT_DATE', "'2020-01-31'"], "date '2020-01-01' + i"), 'uuid': (['gen_random_uuid()'], "md5(i::text)::uuid"),
    'timestamp with time zone': (['now()'], "timestamptz '2020-01-01 00:00Z' + i * interval '1 h'"),
    'timestamp without time zone': (['LOCALTIMESTAMP'], "timestamp '2020-01-01' + i * interval '1 h'"),
    'integer[]': (["'{}'", 'ARRAY[1, 2]'], 'ARRAY[i]'), 'text[]': (["'{a,b}'"], 'ARRAY[i::text]'),
    'jsonb': (["'{}'"], "jsonb_build_object('i', i)"), 'int4range': (["'[1,2)'"], 'int4range(i * 10, i * 10 + 5)'),
    'bytea': (["'\\x00'"], "'\\x01'"), 'character(5)': (["'c'"], "'c' || i % 10"), 'interval': (["'1 day'"], "i * interval '1 h'"),
    'real': (['0.5'], 'i'), 'double precision': (['1e3'], 'i'), 'json': (["'[]'"], "'[1]'"), 'inet': (["'::1'"], "'10.0.0.0'"),
}
TYPES = [x for x in VALUES if x != 'json']


class Session:
    """One psql that stays; errors are answers."""

    def __init__(self, server, db):
        self.p = subprocess.Popen(['psql', '-X', '-q', '-At', '-F', '\x1f', '-R', '\x1d\n', '-d', db], env=server.env, encoding='utf8',
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.ask("SET search_path = ''; SET check_function_bodies = off; SET lock_timeout = '5s'; SET statement_timeout = '20s'")

    def ask(self, sql):
        """(answer, error)"""
        self.p.stdin.write(sql + '\n;\n\\echo \'%s\'\n' % MARK)
        self.p.stdin.flush()
        got = ''
        while True:
            line = self.p.stdout.readline()
            if not line:
                raise RuntimeError('psql is gone: ' + got)
            if line.rstrip('\n').endswith(MARK):
                got += line.rstrip('\n')[:-len(MARK)]
                break
            got += line
        return ('', got) if 'ERROR:  ' in got else (got, '')

    def do(self, sql):
        """The error of a statement, which psql does not get to read: it waits where words or quotes do not match."""
        return self.ask('DO $snap_do$ BEGIN EXECUTE $snap_text$%s$snap_text$; END $snap_do$' % sql)[1]

    def rows(self, sql):
        got, error = self.ask(sql)
        if error:
            raise RuntimeError(error + sql)
        return [x.strip('\n').split('\x1f') for x in got.split('\x1d\n') if x.strip('\n')]

    def close(self):
        self.p.stdin.close()
        self.p.wait()
        self.p.stdout.close()

    def relations(self, kinds):
        return self.rows("""SELECT c.oid::regclass, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind = ANY ('{%s}') AND %s ORDER BY c.oid::regclass::text COLLATE "C" """ % (kinds, OWN % ('c', 'c')))

    def columns(self, kinds='r,p', where='true'):
        """relation, column, type, category, identity, generated"""
        return self.rows("""SELECT c.oid::regclass, quote_ident(attname), format_type(atttypid, atttypmod), typcategory, attidentity,
            attgenerated FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid
            JOIN pg_type t ON t.oid = atttypid WHERE relkind = ANY ('{%s}') AND attnum > 0 AND NOT attisdropped AND %s AND %s
            ORDER BY 1::text, c.oid::regclass::text COLLATE "C", attnum""" % (kinds, OWN % ('c', 'c'), where))

    def schemas(self):
        return [x[0] for x in self.rows("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'"
                                        ' ORDER BY nspname COLLATE "C"')]

    def types(self, kinds='e,d,c'):
        return self.rows("""SELECT t.oid::regtype, typtype FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class r
            ON r.oid = typrelid WHERE typtype = ANY ('{%s}') AND (typtype <> 'c' OR relkind = 'c') AND %s
            ORDER BY t.oid::regtype::text COLLATE "C" """ % (kinds, OWN % ('t', 't')))

    def functions(self):
        """signature, kind, arguments, result, name"""
        return self.rows("""SELECT p.oid::regprocedure, prokind, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
            format('%%I.%%I', nspname, proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
            WHERE %s AND prokind IN ('f', 'p') ORDER BY p.oid::regprocedure::text COLLATE "C" """ % (OWN % ('p', 'p')))

    def constraints(self, kinds):
        return self.rows("""SELECT conrelid::regclass, quote_ident(conname), contype, confrelid::regclass FROM pg_constraint o JOIN pg_class c
            ON c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE contype = ANY ('{%s}') AND %s
            ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C" """ % (kinds, OWN % ('c', 'c')))

    def children(self, catalog, table, name):
        """Triggers, policies or rules: relation and name."""
        more = " AND rulename <> '_RETURN'" if catalog == 'pg_rewrite' else ' AND NOT tgisinternal' if catalog == 'pg_trigger' else ''
        return self.rows("""SELECT %s::regclass, quote_ident(%s), c.relkind FROM %s x JOIN pg_class c ON c.oid = %s JOIN pg_namespace n ON
            n.oid = relnamespace WHERE true%s AND %s ORDER BY c.oid::regclass::text COLLATE "C", %s COLLATE "C" """
                         % (table, name, catalog, table, more, OWN % ('c', 'c'), name))


def mutation(weight):
    return lambda f: MUTATIONS.append((weight, f)) or f


def ident(name):
    return '"%s"' % name.replace('"', '""')


def fresh(s, rng):
    return '%s.%s' % (rng.choice(s.schemas()), ident(rng.choice(NAMES)))


def one(rng, rows):
    return rng.choice(rows) if rows else None


def some(rng, rows, most):
    return rng.sample(rows, min(len(rows), rng.randint(1, most)))


def own_types(s, rng):
    return [x[0] for x in s.types()] if rng.random() < .4 else []


def a_type(s, rng):
    return rng.choice(own_types(s, rng) or TYPES)


def a_default(rng, kind):
    return rng.choice(VALUES[kind][0]) if kind in VALUES else 'NULL'


def column_text(s, rng, name=None):
    kind = a_type(s, rng)
    text = '%s %s' % (name or ident(rng.choice(NAMES)), kind)
    if kind in ('text', 'character varying(20)') and rng.random() < .2:
        text += ' COLLATE ' + rng.choice(['pg_catalog."C"', 'pg_catalog."POSIX"'])
    n = rng.random()
    if n < .3:
        text += ' DEFAULT ' + a_default(rng, kind)
    elif n < .4 and kind in ('integer', 'bigint', 'smallint'):
        return text + rng.choice([' GENERATED ALWAYS AS IDENTITY', ' GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 2)'])
    if rng.random() < .2:
        text += ' NOT NULL'
    if rng.random() < .1:
        text += rng.choice([' UNIQUE', ' UNIQUE DEFERRABLE', ' CHECK (%s IS NOT NULL)' % text.split(' ')[0]])
    return text


def with_views(s, relation, statements):
    """The statements without the views above a relation, which are made once more if they fit: what a person does by hand."""
    views = s.rows("""WITH RECURSIVE above AS (SELECT '%s'::regclass::oid AS o UNION SELECT ev_class FROM above JOIN pg_depend
            ON refobjid = o AND classid = 'pg_rewrite'::regclass JOIN pg_rewrite r ON r.oid = objid)
        SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';')
        FROM above JOIN pg_class c ON c.oid = o WHERE relkind IN ('v', 'm') ORDER BY c.oid""" % relation.replace("'", "''"))
    drop = ['DROP %s IF EXISTS %s CASCADE' % (x[0], x[1]) for x in views]
    return drop + statements + ['?CREATE %s %s AS %s' % tuple(x) for x in views]


# tables

@mutation(4)
def create_table(s, rng):
    names = rng.sample(NAMES, rng.randint(1, 5))
    body = [column_text(s, rng, ident(x)) for x in names]
    if rng.random() < .5:
        body.append('PRIMARY KEY (%s)' % ', '.join(ident(x) for x in names[:rng.randint(1, 2)]))
    tail = rng.choice(['', '', ' WITH (fillfactor = 80)', ' PARTITION BY HASH (%s)' % ident(names[0])])
    return 'CREATE %sTABLE %s (%s)%s' % (rng.choice(['', '', '', 'UNLOGGED ']), fresh(s, rng), ', '.join(body), tail)


@mutation(2)
def copy_table(s, rng):
    t = one(rng, s.relations('r,p,v'))
    return t and rng.choice(['CREATE TABLE %s (LIKE %s INCLUDING ALL)', 'CREATE TABLE %s AS TABLE %s WITH NO DATA',
                             'CREATE TABLE %s () INHERITS (%s)']) % (fresh(s, rng), t[0])


@mutation(2)
def drop_table(s, rng):
    t = one(rng, s.relations('r,p'))
    return t and 'DROP TABLE %s CASCADE' % t[0]


KINDS = {'r': 'TABLE', 'p': 'TABLE', 'v': 'VIEW', 'm': 'MATERIALIZED VIEW', 'f': 'FOREIGN TABLE', 'S': 'SEQUENCE', 'i': 'INDEX', 'I': 'INDEX'}


@mutation(3)
def rename_relation(s, rng):
    t = one(rng, s.relations('r,p,v,m,S,i'))
    return t and 'ALTER %s %s RENAME TO %s' % (KINDS[t[1]], t[0], ident(rng.choice(NAMES)))


@mutation(3)
def move_relation(s, rng):
    t = one(rng, s.relations('r,p,v,m,S'))
    return t and 'ALTER %s %s SET SCHEMA %s' % (KINDS[t[1]], t[0], rng.choice(s.schemas()))


@mutation(3)
def table_setting(s, rng):
    t = one(rng, s.relations('r,p'))
    return t and 'ALTER TABLE %s %s' % (t[0], rng.choice([
        'SET UNLOGGED', 'SET LOGGED', 'SET (fillfactor = 60, autovacuum_enabled = off)', 'RESET (fillfactor)', 'ENABLE ROW LEVEL SECURITY',
        'FORCE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY', 'SET WITHOUT CLUSTER',
        'REPLICA IDENTITY FULL', 'REPLICA IDENTITY DEFAULT', 'SET (toast.autovacuum_enabled = off)']))


@mutation(2)
def table_by_index(s, rng):
    x = one(rng, s.rows("""SELECT indrelid::regclass, quote_ident(c.relname) FROM pg_index x JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n
        ON n.oid = relnamespace WHERE %s ORDER BY c.oid::regclass::text COLLATE "C" """ % (OWN % ('c', 'c'))))
    return x and 'ALTER TABLE %s %s %s' % (x[0], rng.choice(['CLUSTER ON', 'REPLICA IDENTITY USING INDEX']), x[1])


@mutation(2)
def inherit(s, rng):
    a, b = one(rng, s.relations('r')), one(rng, s.relations('r'))
    return a and 'ALTER TABLE %s %s %s' % (a[0], rng.choice(['INHERIT', 'NO INHERIT']), b[0])


@mutation(3)
def partition(s, rng):
    p = one(rng, s.relations('p'))
    if not p:
        return None
    if rng.random() < .3:
        x = one(rng, s.rows("SELECT inhparent::regclass, inhrelid::regclass FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relispartition"
                            " AND relkind <> 'i' ORDER BY 2::text, inhrelid::regclass::text COLLATE \"C\""))
        return x and 'ALTER TABLE %s DETACH PARTITION %s' % (x[0], x[1])
    bound = rng.choice(['DEFAULT', 'FOR VALUES WITH (MODULUS 3, REMAINDER %d)' % rng.randint(0, 2), "FOR VALUES IN ('1', '2')",
                        "FOR VALUES FROM ('1') TO ('9')", "FOR VALUES FROM ('2031-01-01') TO ('2032-01-01')"])
    return 'CREATE TABLE %s PARTITION OF %s %s' % (fresh(s, rng), p[0], bound)


@mutation(2)
def table_becomes_view(s, rng):
    a, b = one(rng, s.relations('r')), one(rng, s.relations('r,v'))
    if not a or a == b:
        return None
    return with_views(s, a[0], ['DROP TABLE %s CASCADE' % a[0], 'CREATE VIEW %s AS SELECT * FROM %s' % (a[0], b[0])])


@mutation(2)
def view_becomes_table(s, rng):
    v = one(rng, s.relations('v,m'))
    return v and ['DROP %s %s CASCADE' % (KINDS[v[1]], v[0]), '%s %s (%s)' % (
        rng.choice(['CREATE TABLE', 'CREATE TABLE', 'CREATE UNLOGGED TABLE']), v[0], ', '.join(
            column_text(s, rng, x) for x in some(rng, sorted({c[1] for c in s.columns('v,m') if c[0] == v[0]}) or ['a'], 3)))]


@mutation(1)
def split_table(s, rng):
    c = one(rng, s.columns())
    if not c:
        return None
    new = fresh(s, rng)
    return ['CREATE TABLE %s AS SELECT %s FROM %s' % (new, c[1], c[0]), 'ALTER TABLE %s DROP COLUMN %s CASCADE' % (c[0], c[1])]


# columns

@mutation(8)
def add_column(s, rng):
    t = one(rng, s.relations('r,p'))
    return t and 'ALTER TABLE %s ADD %s' % (t[0], column_text(s, rng))


@mutation(3)
def add_generated(s, rng):
    c = one(rng, s.columns(where="typcategory IN ('N', 'S')"))
    return c and 'ALTER TABLE %s ADD %s text GENERATED ALWAYS AS ((%s)::text || \'x\') STORED' % (c[0], ident(rng.choice(NAMES)), c[1])


@mutation(4)
def drop_column(s, rng):
    c = one(rng, s.columns('r,p,f'))
    return c and 'ALTER TABLE %s DROP COLUMN %s CASCADE' % (c[0], c[1])


@mutation(2)
def replace_column(s, rng):
    c = one(rng, s.columns())
    return c and with_views(s, c[0], ['ALTER TABLE %s DROP COLUMN %s CASCADE' % (c[0], c[1]), 'ALTER TABLE %s ADD %s' % (c[0], column_text(s, rng, c[1]))])


@mutation(4)
def rename_column(s, rng):
    c = one(rng, s.columns('r,p,v,m'))
    return c and 'ALTER TABLE %s RENAME COLUMN %s TO %s' % (c[0], c[1], ident(rng.choice(NAMES)))


@mutation(8)
def change_type(s, rng):
    c = one(rng, s.columns())
    if not c:
        return None
    kind = rng.choice(own_types(s, rng) or TYPES)
    alter = ['ALTER TABLE %s ALTER %s DROP DEFAULT' % (c[0], c[1])] if rng.random() < .5 and not c[4] + c[5] else []
    alter.append('ALTER TABLE %s ALTER %s TYPE %s USING %s::text::%s' % (c[0], c[1], kind, c[1], kind))
    return with_views(s, c[0], alter)


@mutation(6)
def change_column(s, rng):
    c = one(rng, s.columns())
    if not c:
        return None
    what = rng.choice(['SET DEFAULT ' + a_default(rng, c[2]), 'DROP DEFAULT', 'SET NOT NULL', 'DROP NOT NULL', 'DROP IDENTITY IF EXISTS',
                       'ADD GENERATED BY DEFAULT AS IDENTITY', 'SET GENERATED ALWAYS', 'SET INCREMENT 3 SET CACHE 2', 'DROP EXPRESSION IF EXISTS',
                       'SET STORAGE ' + rng.choice(['PLAIN', 'EXTERNAL', 'MAIN']), 'SET STATISTICS 50', 'SET (n_distinct = 5)', 'RESET (n_distinct)',
                       'SET COMPRESSION pglz'])
    statements = ['ALTER TABLE %s ALTER %s %s' % (c[0], c[1], what)]
    if what.startswith('ADD') or (what.startswith('SET DEFAULT') and rng.random() < .3):
        statements.insert(0, 'ALTER TABLE %s ALTER %s %s' % (c[0], c[1], rng.choice(['DROP DEFAULT', 'SET NOT NULL'])))
    return statements


@mutation(2)
def collation(s, rng):
    c = one(rng, s.columns(where="typname IN ('text', 'varchar', 'bpchar')"))
    return c and with_views(s, c[0], ['ALTER TABLE %s ALTER %s TYPE %s COLLATE %s' % (
        c[0], c[1], c[2], rng.choice(['pg_catalog."C"', 'pg_catalog."POSIX"', 'pg_catalog."default"']))])


@mutation(3)
def serial(s, rng):
    c = one(rng, s.columns(where="typname IN ('int4', 'int8')"))
    if not c:
        return None
    name = '%s.%s' % (c[0].split('.')[0], ident(rng.choice(NAMES) + '_seq'))
    return ['CREATE SEQUENCE %s' % name, "ALTER TABLE %s ALTER %s SET DEFAULT nextval('%s')" % (c[0], c[1], name.replace("'", "''")),
            'ALTER SEQUENCE %s OWNED BY %s' % (name, rng.choice([c[0] + '.' + c[1]] * 3 + ['NONE']))]


# constraints and indexes

def expression(s, rng, c):
    calls = [x[4] for x in s.functions() if x[1] == 'f' and x[2].endswith((' integer', ' text')) and ',' not in x[2] and x[3] in ('boolean', 'integer', 'text')]
    if calls and rng.random() < .3:
        return "%s(%s%s)" % (rng.choice(calls), c[1], rng.choice(['', '::text']))
    return rng.choice(['(%s IS NOT NULL)', 'length((%s)::text)', "coalesce((%s)::text, 'a')", 'lower((%s)::text)', 'abs(%s)']) % c[1]


@mutation(8)
def add_constraint(s, rng):
    c = one(rng, s.columns())
    if not c:
        return None
    more = [x[1] for x in s.columns() if x[0] == c[0] and x[1] != c[1]]
    cols = ', '.join([c[1]] + (some(rng, more, 1) if more and rng.random() < .4 else []))
    n = rng.random()
    late = rng.choice(['', '', ' DEFERRABLE', ' DEFERRABLE INITIALLY DEFERRED'])
    if n < .3:
        e = expression(s, rng, c)
        text = 'CHECK (%s)%s' % (e if 'IS NOT' in e else e + ' IS NOT NULL', rng.choice(['', '', ' NO INHERIT', ' NOT VALID']))
    elif n < .6:
        text = 'UNIQUE %s(%s)%s' % (rng.choice(['', '', 'NULLS NOT DISTINCT ']), cols, rng.choice(['', ' INCLUDE (%s)' % rng.choice(more)]) if more else '') + late
    elif n < .8:
        text = 'PRIMARY KEY (%s)' % cols + late
    else:
        text = 'EXCLUDE USING %s (%s WITH %s)%s' % (*rng.choice([('btree', c[1], '='), ('gist', c[1], '&&'), ('hash', c[1], '=')]),
                                                    rng.choice(['', ' WHERE (%s IS NOT NULL)' % c[1]])) + late
    return 'ALTER TABLE %s ADD %s%s' % (c[0], rng.choice(['', 'CONSTRAINT %s ' % ident(rng.choice(NAMES))]), text)


@mutation(6)
def foreign_key(s, rng):
    k = one(rng, s.rows("""SELECT indrelid::regclass, string_agg(quote_ident(attname), ', ' ORDER BY k.n), string_agg(format_type(atttypid, atttypmod), ', '
        ORDER BY k.n) FROM pg_index x JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = relnamespace, unnest(indkey) WITH ORDINALITY
        k (a, n), pg_attribute WHERE indisunique AND indpred IS NULL AND attrelid = indrelid AND attnum = k.a AND k.n <= indnkeyatts AND %s
        GROUP BY indexrelid, indrelid ORDER BY indrelid::regclass::text COLLATE "C", 2""" % (OWN % ('c', 'c'))))
    t = one(rng, s.relations('r,p'))
    if not k:
        return None
    names, add = [], []
    for kind in k[2].split(', '):
        have = [x[1] for x in s.columns() if x[0] == t[0] and x[2] == kind and x[1] not in names]
        if not have:
            have = [ident('to_%d' % rng.randint(1, 99))]
            add.append('ALTER TABLE %s ADD %s %s' % (t[0], have[0], kind))
        names.append(rng.choice(have))
    act = rng.choice(['', '', ' ON DELETE CASCADE', ' ON UPDATE SET NULL ON DELETE SET DEFAULT', ' MATCH FULL', ' ON DELETE SET NULL (%s)' % names[0]])
    act += rng.choice(['', '', ' DEFERRABLE INITIALLY DEFERRED', ' DEFERRABLE', ' NOT VALID'])
    return add + ['ALTER TABLE %s ADD %sFOREIGN KEY (%s) REFERENCES %s (%s)%s' % (
        t[0], rng.choice(['', 'CONSTRAINT %s ' % ident(rng.choice(NAMES))]), ', '.join(names), k[0], k[1], act)]


@mutation(6)
def change_constraint(s, rng):
    x = one(rng, s.constraints('c,p,u,f,x'))
    return x and 'ALTER TABLE %s %s' % (x[0], rng.choice([
        'DROP CONSTRAINT %s', 'DROP CONSTRAINT %s CASCADE', 'RENAME CONSTRAINT %%s TO %s' % ident(rng.choice(NAMES)),
        'ALTER CONSTRAINT %s DEFERRABLE INITIALLY DEFERRED', 'ALTER CONSTRAINT %s NOT DEFERRABLE', 'VALIDATE CONSTRAINT %s']) % x[1])


@mutation(8)
def add_index(s, rng):
    c = one(rng, s.columns('r,p,m'))
    if not c:
        return None
    more = [x[1] for x in s.columns('r,p,m') if x[0] == c[0]]
    terms = some(rng, more, 3) if rng.random() < .4 else [c[1]]
    fits = ['gin'] if c[3] == 'A' or c[2] == 'jsonb' else ['gist', 'spgist'] if c[3] == 'R' else ['hash', 'brin'] if c[3] in 'NSD' else []
    using = rng.choice(fits) if fits and rng.random() < .3 else 'btree'
    n = rng.random()
    if using != 'btree':
        return 'CREATE INDEX %s ON %s USING %s (%s) WHERE %s IS NOT NULL' % (ident('ix' + rng.choice(NAMES)), c[0], using, c[1], rng.choice(more))
    if n >= .3:
        terms = [x + rng.choice(['', '', ' DESC', ' NULLS FIRST', ' COLLATE pg_catalog."C"', ' text_pattern_ops']) for x in terms]
    else:
        terms = ['(%s)' % expression(s, rng, c)]
    tail = rng.choice(['', '', ' INCLUDE (%s)' % rng.choice(more)]) + rng.choice(['', '', ' WITH (fillfactor = 70)'])
    tail += rng.choice(['', '', ' WHERE %s IS NOT NULL' % c[1], ' WHERE (%s)::text IS NOT NULL' % expression(s, rng, c)])
    return 'CREATE %sINDEX %s ON %s%s USING %s (%s)%s' % (rng.choice(['', '', 'UNIQUE ']), ident('ix' + rng.choice(NAMES)), rng.choice(['', '', 'ONLY ']),
                                                          c[0], using, ', '.join(terms), tail)


@mutation(3)
def change_index(s, rng):
    x = one(rng, s.relations('i,I'))
    return x and rng.choice(['DROP INDEX %s', 'DROP INDEX %s CASCADE', 'ALTER INDEX %s SET (fillfactor = 65)', 'ALTER INDEX %s ALTER 1 SET STATISTICS 40']) % x[0]


@mutation(2)
def statistics(s, rng):
    x = one(rng, s.rows("SELECT format('%I.%I', nspname, stxname) FROM pg_statistic_ext e JOIN pg_namespace n ON n.oid = stxnamespace ORDER BY 1"))
    if x and rng.random() < .5:
        return rng.choice(['DROP STATISTICS %s', 'ALTER STATISTICS %s SET STATISTICS 70', 'ALTER STATISTICS %s RENAME TO ' + ident(rng.choice(NAMES))]) % x[0]
    c = one(rng, s.columns('r,p,m'))
    more = c and [y[1] for y in s.columns('r,p,m') if y[0] == c[0] and y[1] != c[1]]
    return more and 'CREATE STATISTICS %s %sON %s, %s FROM %s' % (fresh(s, rng), rng.choice(['', '(ndistinct, mcv) ']), c[1], rng.choice(
        [rng.choice(more), 'lower(%s::text)' % c[1]]), c[0])
