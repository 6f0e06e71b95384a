"""The mutations of what is no table: views, functions, triggers, types, sequences, rights, schemas."""
from mutations import KINDS, NAMES, OWN, OWNERS, ROLES, TYPES, a_default, a_type, expression, fresh, ident, mutation, one, some, with_views

# views


def query(s, rng, source):
    cols = [c for c in s.columns('r,p,v,m,f') if c[0] == source]
    if not cols:
        return None
    terms = [c[1] for c in some(rng, cols, 4)]
    if rng.random() < .4:
        terms.append('%s AS %s' % (expression(s, rng, rng.choice(cols)), ident(rng.choice(NAMES))))
    if rng.random() < .15:
        return 'SELECT count(*) AS n, %s FROM %s GROUP BY %s' % (cols[0][1], source, cols[0][1])
    if rng.random() < .15:
        return 'SELECT x.*, x AS whole FROM %s x' % source
    return 'SELECT %s FROM %s%s' % (', '.join(terms), source, rng.choice(['', '', ' WHERE %s IS NOT NULL' % cols[0][1], ' UNION ALL SELECT %s FROM %s' % (
        ', '.join(terms), source)]))


@mutation(8)
def create_view(s, rng):
    t = one(rng, s.relations('r,p,v,v,m,f'))
    text = t and query(s, rng, t[0])
    return text and 'CREATE %s %s AS %s' % (rng.choice(['VIEW', 'VIEW', 'MATERIALIZED VIEW']), fresh(s, rng), text)


@mutation(4)
def change_query(s, rng):
    v = one(rng, s.relations('v,m'))
    t = v and one(rng, [x for x in s.relations('r,p,v,m') if x[0] != v[0]])
    text = t and query(s, rng, t[0])
    return text and with_views(s, v[0], ['DROP %s IF EXISTS %s CASCADE' % (KINDS[v[1]], v[0]), 'CREATE %s %s AS %s' % (
        rng.choice(['VIEW', 'VIEW', 'MATERIALIZED VIEW']), v[0], text)])


@mutation(4)
def more_of_view(s, rng):
    v = one(rng, s.rows("""SELECT c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE
        relkind = 'v' AND %s ORDER BY c.oid::regclass::text COLLATE "C" """ % (OWN % ('c', 'c'))))
    return v and 'CREATE OR REPLACE VIEW %s AS SELECT x.*, %s FROM (%s) x' % (v[0], rng.choice(['1 AS one', "'t'::text AS more", 'now() AS "At"']), v[1])


@mutation(3)
def change_view(s, rng):
    v = one(rng, s.relations('v,m'))
    if v and v[1] == 'm':
        return 'ALTER MATERIALIZED VIEW %s %s' % (v[0], rng.choice(['SET (fillfactor = 70)', 'SET WITHOUT CLUSTER']))
    c = v and one(rng, [x for x in s.columns('v') if x[0] == v[0]])
    return v and rng.choice(['ALTER VIEW %s SET (security_barrier)', 'ALTER VIEW %s SET (check_option = local)', 'ALTER VIEW %s RESET (security_barrier)',
                             'ALTER VIEW %%s ALTER %s SET DEFAULT %s' % (c[1], a_default(rng, c[2])) if c else 'DROP VIEW %s']) % v[0]


@mutation(3)
def drop_view(s, rng):
    v = one(rng, s.relations('v,m'))
    return v and 'DROP %s %s CASCADE' % (KINDS[v[1]], v[0])


# functions, triggers, rules, policies

def function_text(s, rng, name, verb='CREATE'):
    kinds = [x[0] for x in s.types()] + [x[0] for x in s.relations('r,v')] + ['integer', 'text'] * 4
    args = ['%s%s %s' % (rng.choice(['', '', 'VARIADIC ' if i == 9 else '']), 'abc'[i], rng.choice(kinds)) for i in range(rng.randint(0, 2))]
    if args and rng.random() < .3:
        args[-1] += ' DEFAULT NULL'
    if rng.random() < .2:
        return '%s PROCEDURE %s(%s) LANGUAGE sql AS $$ SELECT 1 $$' % (verb, name, ', '.join(args))
    back = rng.choice(kinds + ['boolean', 'SETOF integer', 'TABLE (x integer, y text)', 'void'])
    options = rng.choice(['', ' IMMUTABLE', ' IMMUTABLE', ' STABLE STRICT', ' SECURITY DEFINER', ' COST 5 PARALLEL SAFE', " SET search_path = 'public'"])
    t = one(rng, s.columns('r,v,m'))
    body = rng.choice(['AS $$ SELECT NULL $$'] * 2 + (['AS $b$ SELECT %s FROM %s $b$' % (t[1], t[0])] if t else []))
    if 'TABLE' not in back and 'SETOF' not in back and back in ('integer', 'text', 'boolean') and rng.random() < .4:
        body = 'RETURN NULL::%s' % back if not t or rng.random() < .5 or 'IMMUTABLE' in options else 'BEGIN ATOMIC SELECT (%s)::text::%s FROM %s; END' % (t[1], back, t[0])
    return '%s FUNCTION %s(%s) RETURNS %s LANGUAGE %s' % (verb, name, ', '.join(args), back, rng.choice(['plpgsql%s AS $$ BEGIN RETURN; END $$' % options]
                                                          if back == 'void' else ['sql%s %s' % (options, body)]))


@mutation(6)
def create_function(s, rng):
    return function_text(s, rng, fresh(s, rng))


@mutation(5)
def change_function(s, rng):
    f = one(rng, s.functions())
    if not f:
        return None
    what = 'PROCEDURE' if f[1] == 'p' else 'FUNCTION'
    n = rng.random()
    if n < .3:
        return ['DROP %s %s CASCADE' % (what, f[0]), function_text(s, rng, f[4])]
    if n < .5:
        return function_text(s, rng, f[4], 'CREATE OR REPLACE')
    if n < .7 and f[1] == 'f':
        return 'CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE sql %s AS $$ SELECT NULL $$' % (f[4], f[2], f[3], rng.choice(['IMMUTABLE', 'STABLE']))
    return 'ALTER %s %s %s' % (what, f[0], rng.choice(['RENAME TO ' + ident(rng.choice(NAMES)), 'SET SCHEMA ' + rng.choice(s.schemas()),
                                                       'SECURITY DEFINER', "SET work_mem = '1MB'", 'RESET ALL', 'STRICT', 'IMMUTABLE', 'LEAKPROOF']))


@mutation(2)
def default_by_function(s, rng):
    c = one(rng, s.columns())
    if not c:
        return None
    f = one(rng, [x[0] for x in s.functions() if x[1] == 'f' and x[2] == '' and x[3] == c[2]])
    make = [] if f else ['CREATE FUNCTION %s() RETURNS %s LANGUAGE sql AS $$ SELECT NULL $$' % (fresh(s, rng), c[2])]
    f = f or make[0].split(' ', 2)[2].split(' RETURNS ')[0]
    return make + ['ALTER TABLE %s ALTER %s SET DEFAULT %s' % (c[0], c[1], f)]


@mutation(5)
def trigger(s, rng):
    t = one(rng, s.relations('r,p,v'))
    if not t:
        return None
    make = []
    fs = [x[4] for x in s.functions() if x[3] == 'trigger']
    if not fs or rng.random() < .3:
        name = fresh(s, rng)
        make = ['CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$' % name]
        fs = [name]
    c = one(rng, [x for x in s.columns('r,p,v') if x[0] == t[0]])
    name, f = ident('tr' + rng.choice(NAMES)), rng.choice(fs)
    if t[1] == 'v':
        return make + ['CREATE TRIGGER %s INSTEAD OF INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %s()' % (name, t[0], f)]
    when = ' WHEN (new.%s IS NOT NULL)' % c[1] if c and rng.random() < .3 else ''
    return make + [rng.choice([
        'CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW%s EXECUTE FUNCTION %s(\'a\', 1)' % (name, t[0], when, f),
        'CREATE CONSTRAINT TRIGGER %s AFTER INSERT OR UPDATE ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW%s EXECUTE FUNCTION %s()' % (name, t[0], when, f),
        'CREATE TRIGGER %s AFTER UPDATE OF %s ON %s FOR EACH ROW%s EXECUTE FUNCTION %s()' % (name, c[1] if c else 'x', t[0], when, f),
        'CREATE TRIGGER %s AFTER DELETE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION %s()' % (name, t[0], f),
        'CREATE TRIGGER %s BEFORE TRUNCATE ON %s EXECUTE FUNCTION %s()' % (name, t[0], f)])]


@mutation(4)
def change_trigger(s, rng):
    x = one(rng, s.children('pg_trigger', 'tgrelid', 'tgname'))
    return x and rng.choice(['DROP TRIGGER {1} ON {0}', 'ALTER TRIGGER {1} ON {0} RENAME TO "tr n9"', 'ALTER TABLE {0} DISABLE TRIGGER {1}',
                             'ALTER TABLE {0} ENABLE REPLICA TRIGGER {1}', 'ALTER TABLE {0} ENABLE ALWAYS TRIGGER {1}']).format(*x)


@mutation(3)
def policy(s, rng):
    x = one(rng, s.children('pg_policy', 'polrelid', 'polname'))
    if x and rng.random() < .5:
        return rng.choice(['DROP POLICY {1} ON {0}', 'ALTER POLICY {1} ON {0} TO snap_test_reader', 'ALTER POLICY {1} ON {0} RENAME TO "p 9"',
                           'ALTER POLICY {1} ON {0} USING (true)']).format(*x)
    c = one(rng, s.columns())
    return c and 'CREATE POLICY %s ON %s AS %s FOR %s TO %s USING (%s)' % (
        ident(rng.choice(NAMES)), c[0], rng.choice(['PERMISSIVE', 'RESTRICTIVE']), rng.choice(['ALL', 'SELECT', 'DELETE']), rng.choice(ROLES),
        rng.choice(['%s IS NULL' % c[1], 'EXISTS (SELECT 1 FROM %s)' % rng.choice(s.relations('r,p,v'))[0]]))


@mutation(3)
def rule(s, rng):
    x = one(rng, s.children('pg_rewrite', 'ev_class', 'rulename'))
    if x and rng.random() < .4:
        return rng.choice(['DROP RULE {1} ON {0}', 'ALTER RULE {1} ON {0} RENAME TO "r 9"'] + ['ALTER TABLE {0} DISABLE RULE {1}'] * (x[2] == 'r')).format(*x)
    t, c = one(rng, s.relations('r,v')), one(rng, s.columns('r'))
    return t and c and 'CREATE RULE %s AS ON %s TO %s DO %s' % (ident(rng.choice(NAMES)), rng.choice(['INSERT', 'UPDATE', 'DELETE']), t[0], rng.choice(
        ['INSTEAD NOTHING', 'ALSO INSERT INTO %s (%s) VALUES (NULL)' % (c[0], c[1]), 'ALSO NOTIFY n', 'INSTEAD DELETE FROM %s' % c[0]]))


# types

@mutation(5)
def create_type(s, rng):
    labels = ', '.join("'%s'" % x for x in rng.sample(['a', 'b', 'c', 'r1', 'it is', 'É'], 3))
    kind = a_type(s, rng)
    return rng.choice([
        'CREATE TYPE %s AS ENUM (' + labels + ')', 'CREATE TYPE %s AS (a ' + kind + ', "b c" text)', 'CREATE TYPE %s AS RANGE (subtype = bigint)',
        'CREATE DOMAIN %s AS ' + kind + rng.choice(['', ' NOT NULL', ' DEFAULT ' + a_default(rng, kind), ' CHECK (VALUE IS NOT NULL)']),
        'CREATE DOMAIN %s AS integer CONSTRAINT pos CHECK (VALUE > 0)']) % fresh(s, rng)


@mutation(5)
def change_type_itself(s, rng):
    t = one(rng, s.types())
    if not t:
        return None
    name = t[0]
    if t[1] == 'e':
        return rng.choice(["ALTER TYPE %s ADD VALUE 'z'", "ALTER TYPE %s ADD VALUE 'first' BEFORE 'a'", "ALTER TYPE %s RENAME VALUE 'b' TO 'B'",
                           "ALTER TYPE %s RENAME TO " + ident(rng.choice(NAMES))]) % name
    if t[1] == 'd':
        return 'ALTER DOMAIN %s %s' % (name, rng.choice(['SET DEFAULT NULL', 'DROP DEFAULT', 'SET NOT NULL', 'DROP NOT NULL', 'ADD CHECK (VALUE IS NOT NULL) NOT VALID',
                                                         'ADD CONSTRAINT more CHECK (VALUE IS NOT NULL)', 'DROP CONSTRAINT pos', 'RENAME CONSTRAINT pos TO "p s"',
                                                         'VALIDATE CONSTRAINT pos']))
    kind = a_type(s, rng)
    return 'ALTER TYPE %s %s' % (name, rng.choice(['ADD ATTRIBUTE %s %s' % (ident(rng.choice(NAMES)), kind), 'ADD ATTRIBUTE z %s CASCADE' % kind, 'DROP ATTRIBUTE a',
                                                   'ALTER ATTRIBUTE a TYPE %s' % kind, 'RENAME ATTRIBUTE a TO "A"']))


@mutation(5)
def type_anew(s, rng):
    """A type of the same name, perhaps of another kind, under the columns that use it."""
    t = one(rng, s.types())
    if not t:
        return None
    labels = rng.sample(['a', 'b', 'c', 'r1', 'it is', 'É', 'z'], rng.randint(2, 4))
    new = rng.choice(['ENUM (%s)' % ', '.join("'%s'" % x for x in labels)] * 3 + ['(a integer, b text)', 'DOMAIN'])
    users = [c for c in s.columns() if c[2] == t[0]]
    free = ['ALTER TABLE %s ALTER %s DROP DEFAULT, ALTER %s TYPE text' % (c[0], c[1], c[1]) for c in users]
    back = ['ALTER TABLE %s ALTER %s TYPE %s USING %s::%s' % (c[0], c[1], t[0], c[1], t[0]) for c in users]
    make = 'CREATE DOMAIN %s AS %s' % (t[0], rng.choice(TYPES)) if new == 'DOMAIN' else 'CREATE TYPE %s AS %s' % (t[0], new)
    views = [x for c in users[:1] for x in [c[0]]]
    return with_views(s, views[0], free + ['DROP TYPE %s CASCADE' % t[0], make] + back) if views else ['DROP TYPE %s CASCADE' % t[0], make]


@mutation(1)
def drop_type(s, rng):
    t = one(rng, s.types('e,d,c,r'))
    return t and 'DROP TYPE %s CASCADE' % t[0]


# sequences, owners, grants, comments

@mutation(3)
def sequence(s, rng):
    x = one(rng, s.relations('S'))
    if not x or rng.random() < .2:
        return 'CREATE SEQUENCE %s AS %s' % (fresh(s, rng), rng.choice(['integer', 'bigint START 5', 'smallint CYCLE']))
    c = one(rng, s.columns())
    return rng.choice(['ALTER SEQUENCE %s INCREMENT 2 CACHE 3', 'ALTER SEQUENCE %s MINVALUE -5 MAXVALUE 500', 'ALTER SEQUENCE %s AS integer CYCLE', 'DROP SEQUENCE %s CASCADE',
                       'ALTER SEQUENCE %s OWNED BY NONE', 'ALTER SEQUENCE %%s OWNED BY %s.%s' % (c[0], c[1]) if c else 'DROP SEQUENCE %s']) % x[0]


def anything(s, rng):
    n = rng.random()
    if n < .5:
        x = one(rng, s.relations('r,p,v,m,S'))
        return x and (KINDS[x[1]], x[0])
    if n < .7:
        x = one(rng, s.functions())
        return x and ('PROCEDURE' if x[1] == 'p' else 'FUNCTION', x[0])
    if n < .9:
        x = one(rng, s.types())
        return x and ('DOMAIN' if x[1] == 'd' else 'TYPE', x[0])
    return 'SCHEMA', rng.choice(s.schemas())


@mutation(5)
def owner(s, rng):
    x = anything(s, rng)
    return x and 'ALTER %s %s OWNER TO %s' % (*x, rng.choice(OWNERS))


@mutation(6)
def grant(s, rng):
    x = anything(s, rng)
    if not x:
        return None
    kind, name = x
    right = {'FUNCTION': 'EXECUTE', 'PROCEDURE': 'EXECUTE', 'TYPE': 'USAGE', 'DOMAIN': 'USAGE', 'SCHEMA': rng.choice(['USAGE', 'CREATE', 'ALL']),
             'SEQUENCE': rng.choice(['USAGE', 'ALL', 'SELECT'])}.get(kind, rng.choice(['SELECT', 'INSERT', 'ALL', 'TRIGGER, UPDATE']))
    c = one(rng, [y for y in s.columns('r,p,v,m') if y[0] == name])
    if c and rng.random() < .4:
        right = '%s (%s)' % (rng.choice(['SELECT', 'UPDATE', 'REFERENCES']), c[1])
    kind = kind if kind in ('FUNCTION', 'PROCEDURE', 'TYPE', 'DOMAIN', 'SCHEMA', 'SEQUENCE') else 'TABLE'
    if rng.random() < .3:
        return 'REVOKE %s ON %s %s FROM %s CASCADE' % (right, kind, name, rng.choice(ROLES + ['postgres']))
    role = rng.choice(ROLES)
    return 'GRANT %s ON %s %s TO %s%s' % (right, kind, name, role, rng.choice(['', '', ' WITH GRANT OPTION']) if role != 'PUBLIC' else '')


@mutation(2)
def default_grants(s, rng):
    where = rng.choice(['', '', ' FOR ROLE snap_test_writer']) + rng.choice(['', ' IN SCHEMA ' + rng.choice(s.schemas())])
    return 'ALTER DEFAULT PRIVILEGES%s %s' % (where, rng.choice(['GRANT SELECT ON TABLES TO ', 'GRANT USAGE ON SEQUENCES TO ', 'GRANT EXECUTE ON FUNCTIONS TO ',
                                                                 'GRANT USAGE ON TYPES TO '])) + rng.choice(ROLES[:2])


@mutation(4)
def comment(s, rng):
    text = rng.choice(["'one'", "'it''s'", 'NULL', "E'a\\nb'"])
    n = rng.random()
    if n < .4:
        x = anything(s, rng)
        return x and 'COMMENT ON %s %s IS %s' % (*x, text)
    if n < .6:
        c = one(rng, s.columns('r,p,v,m'))
        return c and 'COMMENT ON COLUMN %s.%s IS %s' % (c[0], c[1], text)
    kind, rows = rng.choice([('CONSTRAINT', s.constraints('c,p,u,f,x')), ('TRIGGER', s.children('pg_trigger', 'tgrelid', 'tgname')),
                             ('POLICY', s.children('pg_policy', 'polrelid', 'polname')), ('RULE', s.children('pg_rewrite', 'ev_class', 'rulename'))])
    x = one(rng, rows)
    return x and 'COMMENT ON %s %s ON %s IS %s' % (kind, x[1], x[0], text)


# schemas, extensions, publications

@mutation(3)
def schema(s, rng):
    new = ident(rng.choice(NAMES))
    # the server remembers what public was granted at first, also by another name, and pg_dump leaves that out
    name = one(rng, [x for x in s.schemas() if x != 'public'])
    if not name or rng.random() < .5:
        return 'CREATE SCHEMA ' + new
    return rng.choice(['ALTER SCHEMA %s RENAME TO %s' % (name, new)] * 3 + ['DROP SCHEMA %s CASCADE' % name])


@mutation(1)
def extension(s, rng):
    name = rng.choice(['citext', 'hstore', 'pg_trgm', 'btree_gist'])
    return rng.choice(['CREATE EXTENSION %s SCHEMA %s' % (name, rng.choice(s.schemas())), 'DROP EXTENSION %s CASCADE' % name,
                       'ALTER EXTENSION %s SET SCHEMA %s' % (name, rng.choice(s.schemas()))])


@mutation(2)
def publication(s, rng):
    t = one(rng, s.relations('r'))
    c = t and one(rng, [x for x in s.columns('r') if x[0] == t[0]])
    return c and rng.choice(['CREATE PUBLICATION n1 FOR TABLE %s', 'CREATE PUBLICATION n2 FOR TABLES IN SCHEMA ' + rng.choice(s.schemas()),
                             'CREATE PUBLICATION n3 FOR TABLE %%s (%s) WHERE (%s IS NOT NULL)' % (c[1], c[1]), 'ALTER PUBLICATION n1 ADD TABLE %s',
                             'ALTER PUBLICATION n1 DROP TABLE %s', 'DROP PUBLICATION n1', "ALTER PUBLICATION n1 SET (publish = 'insert')"]).replace('%s', t[0])


@mutation(1)
def rarer(s, rng):
    kinds = s.types('e,c') or [['integer', '']]
    kind = rng.choice(kinds)[0]
    return rng.choice(['CREATE COLLATION %s (provider = icu, locale = \'de\')' % fresh(s, rng), 'CREATE AGGREGATE %s(integer) (sfunc = int4pl, stype = integer)' % fresh(s, rng),
                       'CREATE CAST (%s AS integer) WITH INOUT' % kind, 'CREATE TEXT SEARCH CONFIGURATION %s (COPY = pg_catalog.english)' % fresh(s, rng),
                       'CREATE OPERATOR %s.@@@ (leftarg = integer, rightarg = integer, function = pg_catalog.int4pl)' % rng.choice(s.schemas())])
