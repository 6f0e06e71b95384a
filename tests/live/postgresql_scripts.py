#!/usr/bin/env python3
"""Scripts on PostgreSQL, those that snap reads as a schema and those that it writes for psql.

usage: postgresql_scripts.py SNAP [--server URL]        (or SNAP_TEST_POSTGRESQL_URL)
Read: files, folders and what pg_dump writes, beside a database, an environment or alone; errors name
file and line. Written: hostile names and texts arrive byte for byte, whatever psql's variables and the
server's settings; the script stops at the first error and leaves what was there. The judge is pg_dump.
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'liquibase'))
import tools  # noqa: E402
import hostile  # noqa: E402
import postgresql  # noqa: E402
import postgresql_schemas as schemas  # noqa: E402

SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, state text CHECK (state IN ('a', 'b')));
CREATE INDEX t_name ON t (name);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
INSERT INTO t VALUES (1, 'one\\;', 'a'), (2, '\\.', 'b');
"""
ROLE = 'lb_missing'


class Test:
    def __init__(self, checks, snap, server):
        self.checks, self.snap, self.server, self.folder = checks, snap, server, server.folder

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode('utf8'))
        return path

    def diff(self, a, b, status, what, *words, cwd=None):
        rc, out, err = self.snap.run('diff', a, b, cwd=cwd)
        self.checks.equal(rc, status, '%s: exit status (%s%s)' % (what, out[:300], err))
        for word in words:
            self.checks.check(word in err, '%s: no %s' % (what, word), err)

    def dumped(self, db, *args):
        r = subprocess.run(['pg_dump', *args, db], env=self.server.env, stdout=subprocess.PIPE, check=True)
        return r.stdout

    def run_script(self, db, path, *args):
        """'' or psql's words."""
        r = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', *args, '-f', path, db],
                           env=self.server.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return r.stderr.decode('utf8', 'replace') or 'exit %d' % r.returncode if r.returncode else ''


def sources(t):
    live = t.server.make('ps_a', SCHEMA)
    one = t.write('one.sql', SCHEMA)
    t.diff(one, live, 0, 'a file, the engine by the other side')
    t.diff(live, one, 0, 'a file as TO')
    t.diff('postgresql:' + one, 'postgresql:' + one.replace('/one', '/./one'), 2, 'the same file twice', 'SAME_SOURCE')
    t.diff('postgresql:' + one, t.write('two.sql', SCHEMA), 0, 'the engine by a prefix of the other side')
    t.diff(one, t.write('two.sql', SCHEMA), 2, 'nothing tells the engine', 'ENGINE_UNCLEAR')
    t.diff(one, 'empty', 2, 'nothing tells the engine of a file and empty', 'ENGINE_UNCLEAR')
    t.diff('postgresql:' + one, 'empty', 1, 'a file and empty')
    t.write('many/1.sql', 'CREATE TABLE t (id int PRIMARY KEY);')
    t.write('many/2/a.sql', 'ALTER TABLE t ADD name text NOT NULL, ADD state text;\n')
    t.write('many/2/b.sql', SCHEMA.split('CREATE INDEX')[1].join(['CREATE INDEX', '']))
    t.write('many/.hidden.sql', 'nonsense;')
    t.write('many/3.sql', "ALTER TABLE t ADD CONSTRAINT other CHECK (state IN ('a', 'b'));")
    t.diff(os.path.join(t.folder, 'many'), live, 1, 'a folder, with the name of a CHECK that differs')
    t.write('many/3.sql', "ALTER TABLE t ADD CHECK (state IN ('a', 'b'));")
    t.diff(os.path.join(t.folder, 'many'), live, 0, 'a folder')
    t.write('snap.yml', 'version: 1\nenvironments:\n  files: { url: "postgresql:one.sql" }\n'
            '  live: { url: "%s" }\n' % live)
    t.diff('files', 'live', 0, 'environments', cwd=t.folder)
    t.diff('files', 'two.sql', 0, 'an environment tells the engine', cwd=t.folder)


def dumps(t):
    t.server.psql('postgres', 'CREATE ROLE ' + ROLE)
    live = t.server.make('ps_a', SCHEMA, schemas.EVERYTHING, 'ALTER TABLE t OWNER TO %s' % ROLE)
    for name, args in (('plain', []), ('schema', ['-s']), ('inserts', ['--inserts']), ('create', ['-C']),
                       ('clean', ['-c', '--if-exists']), ('latin', ['-E', 'LATIN1']),
                       ('quoted', ['--quote-all-identifiers'])):
        path = t.write('dump_%s.sql' % name, t.dumped('ps_a', *args))
        t.diff(path, live, 0, 'pg_dump %s' % ' '.join(args))
    t.write('dump_more.sql', t.dumped('ps_a') + b'CREATE TABLE public.more (i int);\n')
    t.diff(os.path.join(t.folder, 'dump_more.sql'), live, 1, 'what follows the rows of a dump')


def missing_roles(t):
    """Roles that a script names and the scratch server has not are made, also in the midst of a transaction."""
    text = ('CREATE TABLE a (i int);\nBEGIN;\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\n'
            'COPY t FROM stdin;\n2\n\\.\nGRANT SELECT ON t TO nobody_1;\nGRANT SELECT ON t, a TO nobody_2, "No;3";\n'
            'COMMIT;\nALTER TABLE t OWNER TO nobody_4;\nBEGIN; CREATE VIEW v AS SELECT 1 AS one; ROLLBACK;\n')
    wrapped, plain = t.write('wrapped.sql', text), t.write('plain.sql', text.replace('BEGIN;\nC', 'C').replace('COMMIT;', ''))
    t.diff('postgresql:' + wrapped, plain, 0, 'roles in a transaction')
    many = ''.join('GRANT SELECT ON t TO nobody_%d;\n' % i for i in range(150))
    big = t.write('big.sql', 'CREATE TABLE t (i int);\n' + many)
    t.diff('postgresql:' + big, t.write('big2.sql', 'BEGIN;' + 'CREATE TABLE t (i int);\n' + many + 'COMMIT;'), 0, 'many roles')
    for args in ([], ['--facets=+counters']):
        rc, out, err = t.snap.run('snapshot', 'postgresql:' + big, '--format', 'sql', '-o', t.folder + '/again.sql', *args)
        t.checks.equal(rc, 0, 'a snapshot as SQL: ' + out + err)
        t.diff('postgresql:' + big, t.folder + '/again.sql', 0, 'what snap writes as SQL is a source')
    t.diff('postgresql:' + t.write('late.sql', 'BEGIN;\nCREATE TABLE t (i int);\nGRANT ALL ON t TO nobody_1;\nSELECT 1/0;'),
           wrapped, 3, 'an error behind a role', 'late.sql line 4', 'division')


def wrong_sources(t):
    live = t.server.make('ps_a', SCHEMA)
    for name, text, status, words in (
            ('syntax', 'CREATE TABLE a (i int);\n\nCREATE TABEL b (i int);\n', 3, ['line 3', 'MALFORMED']),
            ('type', '-- c\nCREATE TABLE a (\n  i nothing);', 3, ['line 2', 'nothing']),
            ('include', 'CREATE TABLE a (i int);\n\\i other.sql\nSELECT 1;', 3, ['line 2', '\\i', 'psql']),
            ('include last', 'CREATE TABLE a (i int);\n\n\\ir other.sql\n', 3, ['line 3', '\\ir']),
            ('copy', '\\copy t from x.csv\n', 3, ['line 1', '\\copy']),
            ('gexec', "SELECT 'CREATE TABLE x ()'\n\\gexec\n", 3, ['line 1']),
            ('program', "CREATE TABLE a (i text);\n/* x */ copy a from PROGRAM 'id';", 3, ['line 2', 'is not run']),
            ('file', "COPY (SELECT 1 AS \"from\") TO '/tmp/snap_x';\n", 3, ['line 1', 'is not run']),
            ('file read', "CREATE TABLE a (i text);\nCOPY a FROM E'/etc/passwd';\n", 3, ['line 2', 'is not run']),
            ('quote', "CREATE TABLE a (i text DEFAULT 'x);\n", 3, ['line 1'])):
        path = t.write('bad %s.sql' % name, text)
        t.diff(path, live, status, 'wrong: ' + name, 'bad %s.sql' % name, *words)
    t.write('folder/1.sql', 'CREATE TABLE a (i int);')
    t.write('folder/2.sql', 'CREATE TABLE b (i int);\nCREATE TABLE a (i int);')
    t.diff(os.path.join(t.folder, 'folder'), live, 3, 'wrong: in a folder', 'folder/2.sql line 2')


def there_and_back(t, name, before, after, *args, settings=()):
    """The script and its rollback by psql."""
    a, b = t.server.make('ps_a', before), t.server.make('ps_b', after)
    was, want = t.server.dump('ps_a'), t.server.dump('ps_b')
    plan, undo = os.path.join(t.folder, 'plan.sql'), os.path.join(t.folder, 'undo.sql')
    rc, _, err = t.snap.run('changelog', a, b, '--no-verify', '-o', plan, '--rollback-output', undo)
    if not t.checks.equal(rc, 0, '%s: %s' % (name, err)):
        return
    for setting in settings:
        t.server.psql('postgres', 'ALTER DATABASE ps_a SET ' + setting)
    for round_trip in range(2):
        for way, script, state in (('forward', plan, want), ('back', undo, was)):
            t.checks.equal(t.run_script('ps_a', script, *args), '', '%s, %s' % (name, way))
            for setting in settings:
                t.server.psql('postgres', 'ALTER DATABASE ps_a RESET ' + setting.split()[0])
            got = t.server.dump('ps_a')
            t.checks.check(got == state, '%s, %s' % (name, way), postgresql.differences(got, state))
            for setting in settings:
                t.server.psql('postgres', 'ALTER DATABASE ps_a SET ' + setting)


def written(t):
    texts = hostile.TEXTS + postgresql.MORE + ['\\gexec', '\n\\gexec\n', '\n\\! touch x\n', ':x', ":'x'", ':"x"',
                                               '\n\\.\n', '\n\\q\n', '\\;', '\\:x']
    all_of_it = postgresql.hostile_schema(texts)
    slices = ('CREATE TABLE s (a int[], n int, "USER" int); CREATE VIEW sv AS SELECT a[n: "USER"] AS x, a[: n] AS y, '
              'a[1:2] AS z FROM s;')
    there_and_back(t, 'hostile texts', '', all_of_it + slices, '-v', 'x=1', '-v', 'n=7')
    there_and_back(t, 'hostile texts without conforming strings', '', all_of_it, '-v', 'x=1',
                   settings=['standard_conforming_strings = off', 'escape_string_warning = off',
                             'backslash_quote = off'])
    there_and_back(t, 'everything, with odd settings', '', schemas.EVERYTHING,
                   settings=["search_path = app, pg_temp", "datestyle = 'German'", 'check_function_bodies = on'])
    for name, (before, after) in schemas.PAIRS.items():
        there_and_back(t, name, before, after)


def stops(t):
    """At the first error nothing of the transaction stays, and nothing behind it is run."""
    base = "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (i int, j int);"
    a = t.server.make('ps_a', base)
    b = t.server.make('ps_b', "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (i int UNIQUE, j int, k e "
                              "DEFAULT 'b'); CREATE TABLE u (i int); CREATE VIEW z AS SELECT i FROM t;")
    plan = os.path.join(t.folder, 'plan.sql')
    rc, _, err = t.snap.run('changelog', a, b, '--no-verify', '-o', plan, '--format', 'sql')
    t.checks.equal(rc, 0, 'stops: ' + err)
    t.server.psql('ps_a', 'INSERT INTO t VALUES (1, 2), (1, 3)')
    was = t.server.dump('ps_a')
    for args in ([], ['-v', 'ON_ERROR_STOP=0'], ['-v', 'AUTOCOMMIT=off']):
        why = t.run_script('ps_a', plan, *args)
        t.checks.check('could not create unique index' in why, 'stops: psql says so', why)
        kept = [x for x in t.server.dump('ps_a') if b' TYPE; ' not in x[0] and b'Type: TYPE' not in x[0]]
        t.checks.check(kept == [x for x in was if b'Type: TYPE' not in x[0]], 'stops: something stays')
        t.server.make('ps_a', base, 'INSERT INTO t VALUES (1, 2), (1, 3)')
    t.server.psql('ps_a', 'DELETE FROM t')
    t.checks.equal(t.run_script('ps_a', plan), '', 'stops: without the rows')
    rc, out, err = t.snap.run('diff', a, b)
    t.checks.equal(rc, 0, 'stops: applied, it differs: %s%s' % (out, err))


PARTS = {'sources': sources, 'dumps': dumps, 'roles': missing_roles, 'wrong': wrong_sources, 'written': written,
         'stops': stops}


def main():
    args = sys.argv[1:]
    url = args.pop(args.index('--server') + 1) if '--server' in args else \
        os.environ['SNAP_TEST_POSTGRESQL_URL']
    program, *parts = [x for x in args if x != '--server']
    checks, folder = tools.Checks(), tempfile.mkdtemp(prefix='snap-scripts-')
    server = postgresql.Server(url, folder)
    roles = schemas.ROLES + [ROLE]
    try:
        server.made.update(('ps_a', 'ps_b'))
        server.clean(roles)  # of a run that was ended
        for role in schemas.ROLES:
            server.psql('postgres', 'CREATE ROLE ' + postgresql.quoted(role))
        for part in parts or PARTS:
            before = checks.n
            PARTS[part](Test(checks, tools.Snap(program), server))
            checks.check(checks.n > before + 5, part + ': checks are missing')
    finally:
        server.clean(roles)
        shutil.rmtree(folder, ignore_errors=True)
    print('postgresql scripts: %d checks, %d failed' % (checks.n, checks.failed))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
