#!/usr/bin/env python3
"""Snapshots of the real Liquibase against snap's own reading of the same database.

Each pair of schemas of golden/ (and a zoo of types for each engine) is made in two databases, of
which the real Liquibase makes snapshots, as JSON by one version and as YAML by the other. Then

- a database and its snapshot are the same, on either side;
- what differs between a snapshot and the other database is what differs between the two databases,
  less what the report itself calls not compared;
- what the facts of a snapshot lack of the database's own is in snapshots-lost.txt, which is read by
  a person and cannot grow unseen;
- a changelog from one database to the other's snapshot is applied by the real Liquibase, and the
  database is then what the snapshot says.

usage: snapshots.py BUILD [SNAP] [--full] [--engine NAME,...] [--only WORD] [--accept]
Servers by SNAP_TEST_*_URL.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), 'live'), HERE]  # two modules have names of both
import mysql as mysql_live  # noqa: E402
import postgresql as postgresql_live  # noqa: E402
import tools  # noqa: E402

GOLDEN = os.path.join(tools.ROOT, 'golden')
# A sample that goes fast and holds every kind that a snapshot tells.
SAMPLE = {
    'postgresql': ['zoo', '01-tables', '02-indexes', '03-views', '05-sequences-grants', '25-columns',
                   '26-constraints'],
    'mysql': ['zoo', '01-indexes', '06-foreign-keys', '10-order'],
    'mariadb': ['zoo', '01-indexes', '06-foreign-keys', '13-views'],
    'sqlite': ['zoo', '01-type-change-rebuild', '05-cascade-does-not-fire', '13-unnamed-constraints',
               '14-partial-and-expression-indexes'],
}


# Schemas of which Liquibase tells something that cannot be; snap refuses them by name.
REFUSED = {'sqlite 16-on-conflict-deferrable-match': 'is told together with others in one'}
# Pairs of texts that look alike: the snapshot of one is never the database of the other.
APART = [('007', '7'), ('1.0', '1'), ('1e3', '1000'), ('v1.0', 'v1'), ('a', 'A'), ('', 'NULL'),
         ('2020-01-01 00:00:00.0', '2020-01-01 00:00:00'), ('a\\nb', 'anb'), ('x\\\\y', 'xy')]


# Not seen, since it hangs on what is not told: a key that a partition has of its table, a column of a typed table.
FOLLOWS = {'schema:public/table:p2/primary_key:p2_pkey', 'schema:public/table:of_typed/column:more'}

# Pairs without a changelog to the other's snapshot: what was taken along does not fit what the snapshot tells.
NO_CHANGELOG = {'postgresql 44-type-everywhere', 'postgresql 64-part-names'}

SUBSCRIPTIONS = """DO $$ DECLARE s record; BEGIN
  FOR s IN SELECT subname AS n FROM pg_subscription JOIN pg_database d ON d.oid = subdbid
           WHERE d.datname = current_database() LOOP
    EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', s.n);
    EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s.n);
    EXECUTE format('DROP SUBSCRIPTION %I', s.n);
  END LOOP; END $$"""


class Server:
    """Two databases of one engine; made by `make`, filled by the engine's own shell."""

    def __init__(self, engine, url):
        self.engine = engine
        self.at = urllib.parse.urlsplit(url) if url else None
        if engine == 'postgresql':
            self.major = postgresql_live.Server(url, '').version()
        elif engine != 'sqlite':
            self.live = mysql_live.Server(url)

    def shell(self, db, sql):
        at = self.at
        if self.engine == 'sqlite':
            argv = ['sqlite3', '-bail', db]
        elif self.engine == 'postgresql':
            argv = ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d',
                    'postgresql://%s/%s' % (at.netloc, db or 'postgres')]
        else:
            argv = ['mysql', '--comments', '-h', at.hostname, '-P', str(at.port), '-u',
                    at.username or 'root'] + ([db] if db else [])
        r = subprocess.run(argv, input=sql.encode(), stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, timeout=60)
        return '' if r.returncode == 0 else r.stderr.decode('utf8', 'replace')

    def fresh(self, folder, name):
        """The name of an empty database."""
        if self.engine == 'sqlite':
            path = os.path.join(folder, name + '.db')
            if os.path.exists(path):
                os.unlink(path)
            open(path, 'w').close()
            return path
        self.drop('snapshots_' + name)
        self.shell('', 'CREATE DATABASE snapshots_%s' % name)
        return 'snapshots_' + name

    def prepare(self, case):
        """What a case of golden/ needs besides its databases; whether this server is one for it."""
        if self.engine == 'postgresql':
            for role in case.get('roles', []):
                self.shell('', 'CREATE ROLE "%s"' % role)
            for role in case.get('superusers', []):
                self.shell('', 'CREATE ROLE "%s" SUPERUSER' % role)
            for space in case.get('tablespaces', []):
                self.shell('', 'SET allow_in_place_tablespaces = on;'
                               "CREATE TABLESPACE %s LOCATION ''" % space)
            return case.get('min', 0) <= self.major
        if self.engine == 'sqlite':
            return not {'functions', 'collations'} & set(case)
        self.live.make_accounts(case.get('users', []), case.get('roles', []))
        for db in case.get('databases', []):
            self.drop(db)
        return mysql_live.is_for(case, self.live)

    def fitting(self, text):
        if self.engine == 'postgresql':
            return postgresql_live.fitting(text, self.major)
        return text if self.engine == 'sqlite' else mysql_live.fitting(text, self.live.kind)

    def drop(self, db):
        if self.engine == 'postgresql':
            self.shell(db, SUBSCRIPTIONS)  # they keep a database
        if self.engine != 'sqlite':
            force = ' WITH (FORCE)' if self.engine == 'postgresql' else ''
            self.shell('', 'DROP DATABASE IF EXISTS %s%s' % (db, force))

    def url(self, db):
        if self.engine == 'sqlite':
            return db
        return '%s://%s/%s' % (self.at.scheme, self.at.netloc,
                               db or ('postgres' if self.engine == 'postgresql' else ''))

    def jdbc(self, db):
        at = self.at
        if self.engine == 'sqlite':
            return 'jdbc:sqlite:%s?synchronous=off' % db
        if self.engine == 'postgresql':
            return 'jdbc:postgresql://%s:%d/%s?user=%s' % (at.hostname, at.port, db, at.username)
        more = '&allowPublicKeyRetrieval=true&useSSL=false' if self.engine == 'mysql' else ''
        return 'jdbc:%s://%s:%d/%s?user=%s%s' % (self.engine, at.hostname, at.port, db, at.username,
                                                 more)


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


def cases(engine, full, only):
    folder = 'mysql' if engine == 'mariadb' else engine
    names = ['zoo'] + sorted(os.listdir(os.path.join(GOLDEN, folder))) if full else SAMPLE[engine]
    for name in names:
        if only and only not in name:
            continue
        if name == 'zoo':
            at = os.path.join(HERE, 'zoos', engine)
        else:
            at = os.path.join(GOLDEN, folder, name)
        if os.path.exists(os.path.join(at, 'to.sql')):
            yield name, at


def facts(snap, source, out):
    rc, _, err = snap.run('snapshot', source, '-o', out)
    if rc:
        return None, err
    return {f['path']: f for f in json.load(open(out, encoding='utf8'))['objects']}, ''


def kind_of(path):
    return path.rsplit('/', 1)[-1].split(':', 1)[0]


def lost(ours, theirs, engine):
    """What the database says and the snapshot does not, or says in other words."""
    out = set()
    for path, fact in ours.items():
        kind, told = kind_of(path), theirs.get(path)
        if told is None:
            out.add('%s: %s is not told' % (engine, kind))
            continue
        for attr in set(fact['a']) | set(told['a']):
            if fact['a'].get(attr) == told['a'].get(attr):
                continue
            what = 'is not told' if attr not in told['a'] else 'has other words'
            out.add('%s: %s.%s %s' % (engine, kind, attr, what))
    for path in theirs:
        if path not in ours:
            out.add('%s: %s that is not there' % (engine, kind_of(path)))
    return out


def changed(report):
    """(op, path, attribute) of a JSON report."""
    out = set()
    for c in report['changes']:
        attrs = [a['name'] for a in c.get('attributes', [])] or ['']
        for a in attrs if c['op'] == 'change' or c['op'] == 'alter' else ['']:
            out.add((c['op'], c['path'], a))
    return out


def compare_changes(checks, what, real, told):
    untold = {entry for entry in told.get('not_compared', []) if ': ' not in entry}
    part = {entry.split(': ')[0] for entry in told.get('not_compared', []) if ': ' in entry}
    a, b = changed(real), changed(told)
    for op, path, attr in sorted(a - b):
        kinds = [p.split(':', 1)[0] for p in path.split('/')]
        kinds = kinds[1:] if kinds[0] == 'schema' and len(kinds) > 1 else kinds
        # the names of such constraints are not told
        unnamed = told['engine'] == 'sqlite' and kinds[-1] in ('unique', 'foreign_key') and not attr
        name = '%s.%s' % (kinds[-1], attr)
        known = unnamed or untold & (set(kinds) | {name}) or name in part or path in FOLLOWS
        known = known or (name in ('index.', 'sequence.') and name[:-1] in part)
        # a schema of which the snapshot holds nothing, and names that Liquibase passes over
        known = known or any(path.startswith(p + '/') for p in part if p.startswith('schema:'))
        known = known or (told['engine'] == 'postgresql' and '"' in path)
        checks.check(known, what + ': seen', '%s %s %s' % (op, path, attr))
    new = [c for c in sorted(b - a) if kind_of(c[1]) not in untold]
    checks.equal(new, [], what + ': nothing is invented')


def diff(snap, a, b):
    rc, out, err = snap.run('diff', a, b, '-f', 'json')
    return rc, json.loads(out) if rc in (0, 1) else None, err


def same(checks, snap, what, a, b):
    rc, report, err = diff(snap, a, b)
    checks.check(rc == 0, what + ' are the same',
                 err if report is None else json.dumps(report['changes'])[:1500])


def scripts(server, at):
    """The two scripts of a case, as this server takes them; [] when it is for another one."""
    about = os.path.join(at, 'case.json')
    case = json.loads(read(about)) if os.path.exists(about) else {}
    if not server.prepare(case):
        return []
    return [server.fitting(read(os.path.join(at, name))) for name in ('from.sql', 'to.sql')]


def run_case(t, server, name, sqls):
    if not sqls:
        return
    engine, checks, snap, folder = server.engine, t.checks, t.snap, t.folder
    what = '%s %s' % (engine, name)
    dbs, files, own = [], [], []
    for i, sql in enumerate(sqls):
        db = server.fresh(folder, 'ab'[i])
        if not checks.equal(server.shell(db, sql), '', what + ' is made'):
            return
        dbs.append(db)
    for i, db in enumerate(dbs):
        form, lb = (('json', t.lbs[0]), ('yaml', t.lbs[-1]))[i]
        files.append(os.path.join(folder, '%s-%s-%s.%s' % (engine, name, 'ab'[i], form)))
        err = lb.run('snapshot', url=server.jdbc(db), snapshotFormat=form, out=files[i])
        if err:  # Liquibase cannot read the schema
            t.skipped.append('%s: %s' % (what, err.strip().splitlines()[-1][:120]))
            return
        t.snapshots += 1
        ours, err = facts(snap, server.url(db), os.path.join(folder, 'ours.snap'))
        told, err2 = facts(snap, files[i], os.path.join(folder, 'told.snap'))
        if what in REFUSED:
            checks.check(told is None and REFUSED[what] in err2, what + ' is refused by name', err2)
            return
        if not checks.check(ours is not None and told is not None, what + ': both are read',
                            err + err2):
            return
        own.append(os.path.join(folder, 'own-%d.snap' % i))
        shutil.copy(os.path.join(folder, 'ours.snap'), own[i])
        t.lost |= lost(ours, told, engine)
        same(checks, snap, '%s: snapshot %s and database' % (what, 'ab'[i]), files[i],
             server.url(db))
        same(checks, snap, '%s: database and snapshot %s' % (what, 'ab'[i]), server.url(db),
             files[i])
    for a, b in ((0, 1), (1, 0)):
        rc, real, err = diff(snap, own[a], server.url(dbs[b]))
        rc2, told, err2 = diff(snap, files[a], server.url(dbs[b]))
        if real is None:
            continue  # the pair is one that snap refuses to compare by itself
        if checks.check(told is not None, '%s: a snapshot is compared' % what, err2):
            compare_changes(checks, '%s from %s' % (what, 'ab'[a]), real, told)
    apply(t, server, what, dbs, files, own)


def apart(t, server):
    """Texts that a number, a time or an escape would make one."""
    pairs = [p for p in APART if '\\' not in p[0] or server.engine in ('mysql', 'mariadb')]
    dbs, file = [], os.path.join(t.folder, 'apart.json')
    for i in (0, 1):
        columns = ["v%d varchar(30) DEFAULT '%s'" % (k, p[i]) for k, p in enumerate(pairs)]
        dbs.append(server.fresh(t.folder, 'ab'[i]))
        err = server.shell(dbs[i], 'CREATE TABLE t (%s);' % ', '.join(columns))
        t.checks.check(not err, server.engine + ' texts: made', err)
    err = t.lbs[-1].run('snapshot', url=server.jdbc(dbs[0]), snapshotFormat='json', out=file)
    t.checks.check(not err, server.engine + ' texts: a snapshot', err)
    same(t.checks, t.snap, server.engine + ' texts: database and snapshot', file, server.url(dbs[0]))
    rc, _, err = t.snap.run('diff', '--strict', file, server.url(dbs[0]))
    t.checks.check(rc == 3 and 'does not tell all' in err, server.engine + ' texts: --strict', (rc, err))
    rc, report, err = diff(t.snap, file, server.url(dbs[1]))
    seen = json.dumps(report['changes']) if report else ''
    for k, pair in enumerate(pairs):
        t.checks.check('column:v%d' % k in seen, '%s texts %r and %r are two' % ((server.engine,) + pair), err)


def apply(t, server, what, dbs, files, own):
    """A changelog to the other's snapshot, by the real Liquibase."""
    out = os.path.join(t.folder, 'changelog.yaml')
    if os.path.exists(out):
        os.unlink(out)
    rc, _, err = t.snap.run('changelog', own[0], own[1], '-o', out, '--no-verify')
    if rc:
        return  # no changelog between the two either
    rc, _, err = t.snap.run('changelog', server.url(dbs[0]), files[1], '-o', out)
    # it needs what the snapshot does not tell: a function, a type, a column of the table above
    unbuilt = 'its words are not those of a server' in err or what in NO_CHANGELOG
    if t.full and rc in (3, 4) and unbuilt:
        t.skipped.append('%s: no changelog: %s' % (what, err.strip().splitlines()[-2][:120]))
        return
    if not t.checks.check(rc == 0, what + ': a changelog to the snapshot', err):
        return
    t.changelogs += 1
    err = t.lbs[-1].run('update', dir=t.folder, url=server.jdbc(dbs[0]),
                        changelogFile='changelog.yaml')
    if t.checks.check(not err, what + ': Liquibase applies it', err):
        same(t.checks, t.snap, what + ': the database after it and the snapshot',
             server.url(dbs[0]), files[1])


class With(tools.Snap):
    """snap with a configuration."""

    def __init__(self, program, config):
        super().__init__(program)
        self.config = config

    def run(self, *args, cwd=None):
        return super().run(args[0], '-c', self.config, *args[1:], cwd=cwd)


class Test:
    def __init__(self, build, program):
        self.checks = tools.Checks()
        self.program = program
        self.folder = tempfile.mkdtemp(prefix='snap-snapshots-')
        versions = ['4.28.0', '5.0.4']
        self.lbs = [tools.Liquibase(build, v, os.path.join(self.folder, v)) for v in versions]
        self.lost, self.skipped, self.full = set(), [], False
        self.snapshots = self.changelogs = 0


def check_lost(t, accept, whole):
    path = os.path.join(HERE, 'snapshots-lost.txt')
    known = set(read(path).splitlines()) if os.path.exists(path) else set()
    if accept:
        with open(path, 'w', encoding='utf8') as f:
            f.write(''.join(line + '\n' for line in sorted(known | t.lost)))
        return
    t.checks.equal(sorted(t.lost - known), [], 'nothing is lost that is not in snapshots-lost.txt')
    if whole:
        t.checks.equal(sorted(known - t.lost), [], 'all that is in snapshots-lost.txt is lost')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('build')
    p.add_argument('snap', nargs='?')
    p.add_argument('--full', action='store_true')
    p.add_argument('--accept', action='store_true')
    p.add_argument('--engine')
    p.add_argument('--only')
    args = p.parse_args()
    full, only = args.full, args.only
    engines = (args.engine or 'sqlite,postgresql,mariadb,mysql').split(',')
    t = Test(args.build, args.snap or os.path.join(args.build, 'snap'))
    t.full = full
    try:
        for engine in engines:
            url = os.environ.get('SNAP_TEST_%s_URL' % engine.upper())
            if engine != 'sqlite' and not t.checks.check(url, 'a server of ' + engine):
                continue
            server = Server(engine, url)
            t.snap = tools.Snap(t.program)
            if url:  # the server that runs takes the scratch databases, too
                config = os.path.join(t.folder, engine + '.yml')
                with open(config, 'w', encoding='utf8') as f:
                    f.write('scratch: {%s: "%s"}\n' %
                            (engine.replace('mariadb', 'mysql'), server.url('')))
                t.snap = With(t.program, config)
            for name, at in cases(engine, full, only):
                run_case(t, server, name, scripts(server, at))
            if not only or only == 'apart':
                apart(t, server)
            for db in ('snapshots_a', 'snapshots_b'):
                server.drop(db)
        check_lost(t, args.accept, full and not only and not args.engine)
    finally:
        for lb in t.lbs:
            lb.close()
        shutil.rmtree(t.folder, ignore_errors=True)
    for line in t.skipped:
        print('not made:', line)
    print('liquibase snapshots: %d snapshots, %d changelogs, %d checks, %d failed' %
          (t.snapshots, t.changelogs, t.checks.n, t.checks.failed))
    sys.exit(1 if t.checks.failed or not t.snapshots else 0)


main()
