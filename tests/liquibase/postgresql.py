#!/usr/bin/env python3
"""snap's changelogs through the real Liquibase on PostgreSQL, judged by pg_dump.

usage: postgresql.py BUILD [--server URL] [PART...]
The server is that of --server or SNAP_TEST_POSTGRESQL_URL; its role may make databases and roles. Parts:
everything (a schema with what Liquibase's own generator loses, from nothing and back), pairs (one
changeSet after the other, both ways), hostile (text that Liquibase, YAML, JDBC or the server might read
as something of their own), bookkeeping (what Liquibase keeps for itself is no part of a schema).
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.parse

import tools
import hostile
import postgresql_names as names
import postgresql_schemas as schemas

VERSIONS = ('4.28.0', '5.0.4')
ROLES = schemas.ROLES + names.roles()


class Server:
    def __init__(self, url, folder):
        u = urllib.parse.urlparse(url)
        self.url, self.folder, self.made = url.rstrip('/'), folder, set()
        self.jdbc = 'jdbc:postgresql://%s:%d/' % (u.hostname, u.port or 5432)
        self.user, self.password = u.username or 'postgres', urllib.parse.unquote(u.password or 'none')
        self.env = {k: v for k, v in os.environ.items() if not k.startswith('PG')}
        self.env.update(PGHOST=u.hostname, PGPORT=str(u.port or 5432), PGUSER=self.user,
                        PGPASSWORD=self.password, PGOPTIONS='-c client_min_messages=error')

    def psql(self, db, text):
        r = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', db],
                           input=text.encode('utf8'), env=self.env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
        if r.returncode:
            raise RuntimeError('%s: %s' % (db, r.stderr.decode('utf8', 'replace')[:600]))
        return r.stdout.decode('utf8').rstrip('\n')

    def make(self, db, *scripts):
        self.made.add(db)
        self.psql('postgres', 'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db)
        self.psql('postgres', 'CREATE DATABASE %s TEMPLATE template0' % db)
        for text in scripts:
            self.psql(db, text)
        return self.url + '/' + db

    def dump(self, db):
        """[(heading, text)] of pg_dump without what Liquibase keeps; columns of a table in any order."""
        r = subprocess.run(['pg_dump', '-s', '-T', '*.databasechangelog*', db], env=self.env,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if r.returncode:
            raise RuntimeError(r.stderr.decode('utf8', 'replace'))
        text = re.sub(rb'(?m)^\\(un)?restrict.*\n', b'', r.stdout)
        parts = re.split(rb'(?m)^--\n-- (Name: .*)\n--\n', text)
        found = []
        for head, body in zip(parts[1::2], parts[2::2]):
            lines = [x for x in body.split(b'\n') if x.strip() and not x.startswith((b'SET ', b'--'))]
            if b'; Type: TABLE;' in head:
                lines = sorted(x.rstrip(b',') for x in lines)
            found.append((head, b'\n'.join(lines)))
        return sorted(found)

    def clean(self, roles):
        for db in self.made:
            self.psql('postgres', 'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db)
        for role in roles:
            self.psql('postgres', 'DROP ROLE IF EXISTS ' + quoted(role))


def differences(got, want):
    return b'; '.join(b'%s: %s' % x for x in sorted(set(got) ^ set(want)))[:1500].decode('utf8', 'replace')


class Case:
    """A pair and the changelog that snap makes of it. `before` None: made from `empty`."""

    def __init__(self, server, snap, name, before, after, *more):
        self.server, self.name, self.id = server, name, 'lb_%d' % len(server.made)
        self.before = before or ''
        self.log = os.path.join(server.folder, self.id + '.yaml')
        a = server.make(self.id + '_a', self.before)
        b = server.make(self.id + '_b', after)
        self.wanted = b
        self.a, self.b = server.dump(self.id + '_a'), server.dump(self.id + '_b')
        self.error = snap.changelog('empty' if before is None else a, b, self.log, *more)
        self.n = 0 if self.error else tools.count_sets(self.log)


class Trip:
    """A case on a database of its own with one version."""

    def __init__(self, lb, case):
        self.lb, self.case, self.server = lb, case, case.server
        self.db = '%s_%s' % (case.id, lb.version.replace('.', '_'))
        self.url = self.server.make(self.db, case.before)

    def tool(self, command, log=None, **arguments):
        folder, name = os.path.split(log or self.case.log)
        return self.lb.run(command, dir=folder, url=self.server.jdbc + self.db, changelogFile=name,
                           username=self.server.user, password=self.server.password, **arguments)

    def is_at(self, state, what):
        got = self.server.dump(self.db)
        return '' if got == state else '%s: %s' % (what, differences(got, state))

    def forward(self):
        return self.tool('update') or self.is_at(self.case.b, 'wrong')

    def back(self):
        return self.tool('rollbackCount', count=self.case.n) or self.is_at(self.case.a, 'not back')

    def same(self, snap):
        rc, out, err = snap.run('diff', self.url, self.case.wanted)
        return '' if rc == 0 else 'diff ends with %d: %s%s' % (rc, out, err)

    def stepwise(self):
        """One changeSet after the other; each rollback gives what was there before it."""
        states = [self.case.a]
        for _ in range(self.case.n):
            why = self.tool('updateCount', count=1)
            if why:
                return why
            states.append(self.server.dump(self.db))
        for left in range(self.case.n - 1, -1, -1):
            why = self.tool('rollbackCount', count=1) or self.is_at(states[left], 'not back')
            if why:
                return 'rollback to %d of %d: %s' % (left, self.case.n, why)
        return ''


def there_and_back(checks, lb, snap, cases, stepwise):
    for case in cases:
        trip = Trip(lb, case)
        why = (trip.stepwise() if stepwise else '') or trip.forward() or trip.same(snap) or \
            trip.back() or trip.forward()
        checks.check(not why, '%s, Liquibase %s' % (case.name, lb.version), why)


def everything(checks, server, snap):
    cases = [Case(server, snap, 'everything from nothing', None, schemas.EVERYTHING),
            Case(server, snap, 'everything from a new database', '', schemas.EVERYTHING),
            Case(server, snap, 'everything, in sql alone', '', schemas.EVERYTHING, '--style', 'sql')]
    text = b'\n'.join(head + body for head, body in cases[0].b).decode('utf8')
    for word in ('CHECK (', 'COLLATE pg_catalog."C"', 'GENERATED ALWAYS AS IDENTITY', 'nextval(', 'PARTITION BY RANGE',
                 'ATTACH PARTITION', 'security_barrier', 'USING gin', 'INCLUDE (', 'WHERE (NOT gone)',
                 'CREATE UNIQUE INDEX', 'NULLS LAST', 'CREATE TRIGGER', 'CREATE FUNCTION', 'CREATE POLICY',
                 'ENABLE ROW LEVEL SECURITY', 'GRANT SELECT', 'DEFAULT PRIVILEGES', ' ?| ', '${DB_PASSWORD}'):
        checks.check(word in text, 'everything holds %s' % word)
    return cases


def pairs(checks, server, snap):
    cases = []
    for name, (before, after) in schemas.PAIRS.items():
        cases.append(Case(server, snap, name, before, after, '--no-verify'))
        cases.append(Case(server, snap, name + ', reverse', after, before, '--no-verify'))
    return cases


# What only Liquibase, JDBC or this engine would take for something.
MORE = ['\r', 'a\r\nb', "it's \\ \r", '\r${x}', 'a\r', '$$ \r $x$', '? ?? ?| ${x}', '{d \'x\'} ?', '$sql$ $snap$',
        '\x85', '\x01\\', "\\'", "\\' \x01", 'E\'\\', '$1', '::', ':x [1:x]']


def short(text, limit=50):
    return text.encode('utf8')[:limit].decode('utf8', 'ignore') or 'x'


def literal(text):
    return "E'%s'" % text.replace('\\', '\\\\').replace("'", "''")


def quoted(text):
    return '"%s"' % text.replace('"', '""')


def hostile_schema(texts):
    """Each text in the places that a text can have."""
    sql = ['SET check_function_bodies = off;']
    for i, text in enumerate(texts):
        name, said = quoted('n%d %s' % (i, short(text))), literal(text)
        sql.append('CREATE TABLE %s (%s text DEFAULT %s CHECK (%s <> %s));' % (
            name, quoted(short(text)), said, quoted(short(text)), said))
        sql.append('COMMENT ON TABLE %s IS %s;' % (name, said))
        sql.append('CREATE VIEW v%d AS SELECT %s AS a, %s AS %s FROM %s WHERE %s <> %s;' % (
            i, said, quoted(short(text)), quoted('b' + short(text)), name, quoted(short(text)), said))
        sql.append('CREATE FUNCTION f%d() RETURNS text LANGUAGE plpgsql AS %s;' % (i, said))
        sql.append('CREATE FUNCTION g%d(a text DEFAULT %s) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT %s AS x; '
                   'END;' % (i, said, said))
        sql.append('CREATE TYPE e%d AS ENUM (%s, %s);' % (i, literal(short(text)), literal('x' + short(text))))
    return '\n'.join(sql)


def hostile_texts(checks, server, snap):
    some = [names.ALL, names.NAMES[2]]
    return [Case(server, snap, 'hostile names', '', names.schema(some), '--no-verify'),
            Case(server, snap, 'hostile names that change', names.schema(some), names.schema(some, second=True),
                 '--no-verify'),
            Case(server, snap, 'hostile texts', '', hostile_schema(hostile.TEXTS + MORE), '--no-verify'),
            Case(server, snap, 'hostile texts that change', hostile_schema(MORE),
                 hostile_schema(MORE[1:] + MORE[:1]), '--no-verify')]


def bookkeeping(checks, lb, snap, cases):
    """Everything goes, and Liquibase's tables stay; they are no difference before and after."""
    for case in cases:
        trip = Trip(lb, case)
        checks.equal(trip.forward(), '', 'bookkeeping: update, Liquibase ' + lb.version)
        rows = server_rows(trip)
        checks.check(rows > 0, 'bookkeeping: there is none', rows)
        for name, wanted in (('new', trip.server.make(trip.db + '_n')), ('empty', 'empty')):
            log = os.path.join(trip.server.folder, '%s_%s.yaml' % (trip.db, name))
            why = snap.changelog(trip.url, wanted, log)
            checks.equal(why, '', 'bookkeeping: changelog to %s' % name)
            text = '' if why else open(log, encoding='utf8').read()
            checks.check('DROP TABLE' in text or 'dropTable' in text, 'bookkeeping: nothing is dropped', text)
            checks.check(not re.search('(?i)TABLE[^\n]*databasechangelog', text), 'bookkeeping is dropped', text)
            n = tools.count_sets(log)
            checks.equal(trip.tool('update', log=log), '', 'bookkeeping: update to %s, %s' % (name, lb.version))
            checks.equal(trip.is_at(case.a, 'not empty'), '', 'bookkeeping: update to ' + name)
            checks.check(server_rows(trip) == rows + n, 'bookkeeping: rows of it are gone', server_rows(trip))
            rc, out, err = snap.run('diff', trip.url, wanted)
            checks.equal(rc, 0, 'bookkeeping: diff to %s: %s%s' % (name, out, err))
            checks.equal(trip.tool('rollbackCount', log=log, count=n), '', 'bookkeeping: rollback of ' + name)
            checks.equal(trip.is_at(case.b, 'not back'), '', 'bookkeeping: rollback of ' + name)


def server_rows(trip):
    return int(trip.server.psql(trip.db, 'SELECT count(*) FROM databasechangelog'))


PARTS = {
    'everything': (everything, lambda *a: there_and_back(*a, stepwise=False)),
    'pairs': (pairs, lambda *a: there_and_back(*a, stepwise=True)),
    'hostile': (hostile_texts, lambda *a: there_and_back(*a, stepwise=False)),
    'bookkeeping': (lambda c, server, snap: [Case(server, snap, 'books', '', schemas.BASE, '--no-verify')],
                    bookkeeping),
}


def run_part(checks, server, snap, engines, name):
    make, work = PARTS[name]
    before = checks.n
    cases = make(checks, server, snap)
    for case in cases:
        checks.check(not case.error, '%s: snap' % case.name, case.error)

    def one(engine):
        try:
            work(checks, engine, snap, [c for c in cases if not c.error])
        except Exception:
            checks.check(False, 'Liquibase %s: the test itself' % engine.version, traceback.format_exc())
    threads = [threading.Thread(target=one, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.check(checks.n - before >= len(engines) * len(cases), name + ': checks are missing')
    return '%s %d' % (name, checks.n - before)


def main():
    args = sys.argv[1:]
    url = args.pop(args.index('--server') + 1) if '--server' in args else \
        os.environ['SNAP_TEST_POSTGRESQL_URL']
    build, *parts = [x for x in args if x != '--server']
    checks, snap = tools.Checks(), tools.Snap(os.path.join(build, 'snap'))
    folder = tempfile.mkdtemp(prefix='snap-liquibase-')
    server, engines = Server(url, folder), []
    try:
        for role in ROLES:
            server.psql('postgres', 'DROP ROLE IF EXISTS {0}; CREATE ROLE {0}'.format(quoted(role)))
        engines = [tools.Liquibase(build, v, os.path.join(folder, v)) for v in VERSIONS]
        told = [run_part(checks, server, snap, engines, p) for p in parts or PARTS]
    finally:
        for engine in engines:
            engine.close()
        server.clean(ROLES)
        shutil.rmtree(folder, ignore_errors=True)
    print('liquibase on PostgreSQL %s: %d checks, %d failed (%s)' % (
        ' and '.join(VERSIONS), checks.n, checks.failed, ', '.join(told)))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
