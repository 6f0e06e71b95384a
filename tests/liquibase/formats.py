#!/usr/bin/env python3
"""Each format of a changelog through the tool that it is for, judged by observers that are not snap.

usage: formats.py BUILD [--every] [--only WORD] [--format NAME] [--engine NAME,NAME] [--corpus DIR [--pairs N]]
Pairs of schemas on SQLite and on the servers of the surrounding run, or on those that are named: each as
Liquibase JSON, XML and formatted SQL (the real Liquibase,
4.28.0 and 5.0.4 in turn; --every: both) and as migrations of Flyway (the real one). Applied, it is TO;
rolled back, it is FROM. Flyway's undo is not in its open edition: these scripts are run by the engine's
own client, the last first. A changelog that is refused by name is counted and printed; what may be
refused stands in REFUSED. --corpus: N pairs (20) of each folder DIR/ENGINE of from.sql and to.sql in
place of the test's own, where every refusal is printed. The last line counts.
"""
import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

import tools
import observer
import hostile
import pairs
import postgresql
import postgresql_schemas
import schemas

spec = importlib.util.spec_from_file_location('my', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'mysql.py'))
my = importlib.util.module_from_spec(spec)
spec.loader.exec_module(my)

VERSIONS = ('4.28.0', '5.0.4')
FORMATS = {'liquibase-json': 'json', 'liquibase-xml': 'xml', 'liquibase-sql': 'sql', 'flyway': ''}
# What a format cannot hold of a pair: (engines, word of its name, format, why).
ANY, MYSQLS = ('sqlite', 'postgresql', 'mariadb', 'mysql'), ('mariadb', 'mysql')
REFUSED = [
    (ANY, 'hostile', 'liquibase-xml', 'a control character'),
    (ANY, 'hostile', 'liquibase-sql', 'a carriage return|an instruction to Liquibase|a line separator|the word changeSetId'),
    (ANY, 'hostile', 'flyway', r'U\+FEFF|a carriage return|a backslash at the end'),
    # a procedure with '\\' in it, made in a session that knows no escapes
    (MYSQLS, 'columns, keys and what stands on them', 'liquibase-sql', 'a statement of it ends'),
    (MYSQLS, 'columns, keys and what stands on them', 'flyway', 'a backslash at the end'),
]


class Flyway:
    """run() gives '' or the messages of the exceptions."""

    def __init__(self, build):
        jars = os.path.join(build, 'liquibase', 'flyway-10.22.0')
        self.java = subprocess.Popen(tools.JVM + ['-cp', jars + os.pathsep + jars + '/*', 'FlywayRunner'],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, *words):
        line = ' '.join(urllib.parse.quote(w, safe='') for w in words)
        self.java.stdin.write(line.encode('ascii') + b'\n')
        self.java.stdin.flush()
        answer = self.java.stdout.readline().decode('ascii').strip()
        word, _, text = answer.partition(' ')
        return '' if word == 'ok' else urllib.parse.unquote_plus(text) or 'Flyway has ended'

    def close(self):
        self.java.stdin.close()
        self.java.wait(60)


class Lite:
    """SQLite: a database is a file."""
    name = 'sqlite'

    def __init__(self, folder):
        self.folder = folder
        self.login = {}

    def make(self, db, sql):
        return tools.build(os.path.join(self.folder, db + '.db'), sql)

    def file(self, db):
        return os.path.join(self.folder, db + '.db')

    def jdbc(self, db):
        return 'jdbc:sqlite:%s?synchronous=off' % self.file(db)

    def see(self, db):
        return sorted(observer.see(self.file(db)).items(), key=repr)

    def script(self, db, path):
        why = tools.run_script(self.file(db), path)
        if why:
            raise RuntimeError(why)

    def forget(self, db):
        tools.execute(self.file(db), 'DROP TABLE flyway_schema_history')

    def clean(self):
        pass


class Postgres:
    name = 'postgresql'

    def __init__(self, url, folder):
        self.server = postgresql.Server(url, folder)
        self.login = {'username': self.server.user, 'password': self.server.password}

    def make(self, db, sql):
        return self.server.make(db, sql)

    def jdbc(self, db):
        return self.server.jdbc + db

    def see(self, db):
        return self.server.dump(db)

    def script(self, db, path):
        with open(path, encoding='utf8') as f:
            self.server.psql(db, f.read())

    def forget(self, db):
        self.server.psql(db, 'DROP TABLE public.flyway_schema_history')

    def clean(self):
        self.server.clean([])


class MySQL:
    def __init__(self, url, folder):
        self.server = my.Server(url, folder)
        self.name = self.server.kind
        self.login = {'username': self.server.user, 'password': self.server.password}

    def make(self, db, sql):
        return self.server.make(db, sql)

    def jdbc(self, db):
        return self.server.jdbc + db

    def see(self, db):
        return self.server.dump(db)

    def script(self, db, path):
        with open(path, encoding='utf8', newline='') as f:
            why = self.server.apply(db, f.read())
        if why:
            raise RuntimeError(why)

    def forget(self, db):
        self.server.apply(db, 'DROP TABLE flyway_schema_history')

    def clean(self):
        self.server.clean()


def differences(got, want):
    return '; '.join(sorted(repr(x)[:300] for x in set(map(repr, got)) ^ set(map(repr, want))))[:900]


class Test:
    def __init__(self, checks, build, snap, folder, every):
        self.checks, self.snap, self.folder, self.every = checks, snap, folder, every
        self.engines = [tools.Liquibase(build, v, os.path.join(folder, v)) for v in VERSIONS]
        self.flyway = Flyway(build)
        self.turn = 0
        self.refused, self.applied, self.done = [], {}, 0

    def close(self):
        for tool in self.engines + [self.flyway]:
            tool.close()

    def may_refuse(self, side, name, form, why):
        return any(side.name in engines and word in name and f == form and re.search(reason, why)
                   for engines, word, f, reason in REFUSED)

    def liquibase(self, side, lb, case, log):
        """'' or what is wrong."""
        def tool(command, **more):
            folder, name = os.path.split(log)
            return lb.run(command, dir=folder, url=side.jdbc('fm_x'), changelogFile=name, **side.login, **more)
        side.make('fm_x', case['from'])
        why = tool('update')
        if why:
            return 'update: ' + why
        if side.see('fm_x') != case['b']:
            return 'wrong: ' + differences(side.see('fm_x'), case['b'])
        why = tool('rollbackCount', count=100000)
        if why:
            return 'rollback: ' + why
        return '' if side.see('fm_x') == case['a'] else 'not back: ' + differences(side.see('fm_x'), case['a'])

    def migrate(self, side, case, folder):
        side.make('fm_x', case['from'])
        why = self.flyway.run(side.jdbc('fm_x'), side.login.get('username', ''), side.login.get('password', ''), folder, '1')
        if why:
            return 'migrate: ' + why
        side.forget('fm_x')
        if side.see('fm_x') != case['b']:
            return 'wrong: ' + differences(side.see('fm_x'), case['b'])
        number = {int(re.match(r'.*/U(\d+)__', p)[1]): p for p in glob.glob(folder + '/U*.sql')}
        for n in sorted(number, reverse=True):
            try:
                side.script('fm_x', number[n])
            except RuntimeError as e:
                return 'undo %s: %s' % (number[n], e)
        return '' if side.see('fm_x') == case['a'] else 'not back: ' + differences(side.see('fm_x'), case['a'])

    def one(self, side, case, form):
        what = '%s, %s, %s' % (side.name, case['name'], form)
        out = os.path.join(self.folder, 'log', side.name + '-' + form)
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        log = out if form == 'flyway' else os.path.join(out, 'x.' + FORMATS[form])
        if form == 'flyway':  # the first is behind the baseline
            open(out + '/V1__baseline.sql', 'w').write('-- what was there before\n')
        # a name in an id is more than formatted SQL takes
        ids = [] if form == 'liquibase-sql' and 'hostile' in case['name'] else ['--id-description']
        why = self.snap.changelog(case['url a'], case['url b'], log, '--format', form, '--no-verify', *ids,
                                  *case['options'])
        if ': UNSUPPORTED_CHANGE' in why:
            self.refused.append((what, why))
            self.checks.check(case['any'] or self.may_refuse(side, case['name'], form, why), what + ' is refused', why)
            return
        if not self.checks.equal(why, '', what):
            return
        if form == 'flyway':
            runs = [('', lambda: self.migrate(side, case, out))]
        else:
            some = self.engines if self.every else [self.engines[self.turn % 2]]
            self.turn += 1
            runs = [(', Liquibase ' + lb.version, lambda lb=lb: self.liquibase(side, lb, case, log)) for lb in some]
        for words, run in runs:
            why = run()
            if self.checks.check(not why, what + words, why):
                self.applied[form] += 1
                self.done += 1

    def case(self, side, name, before, after, forms, options=(), any=False):
        case = {'name': name, 'from': before, 'options': options, 'any': any}
        try:
            case['url a'], case['url b'] = side.make('fm_a', before), side.make('fm_b', after)
            case['a'], case['b'] = side.see('fm_a'), side.see('fm_b')
        except Exception as e:
            if not any:
                self.checks.check(False, '%s, %s: the pair' % (side.name, name), e)
            return False
        if any and case['a'] == case['b']:
            return False
        for form in forms:
            self.one(side, case, form)
        return True


def own_cases(side, every):
    """(name, from, to) of the test's own."""
    if side.name == 'sqlite':
        found = [('pair %d' % n, *pairs.pair(n)) for n in range(1, 25 if every else 5)]
        found += [(name, *pair) for name, pair in schemas.PAIRS.items()]
        for i, t in enumerate(hostile.TEXTS):
            if '\0' not in t:
                found.append(('hostile text %d' % i, 'CREATE TABLE t (a)', "CREATE TABLE t (a, b TEXT DEFAULT '%s'); CREATE TABLE u (a "
                              "CHECK (a <> '%s'))" % ((t.replace("'", "''"),) * 2)))
    elif side.name == 'postgresql':
        found = [(name, *pair) for name, pair in postgresql_schemas.PAIRS.items()]
        texts = hostile.TEXTS + postgresql.MORE
        found.append(('hostile texts', '', postgresql.hostile_schema(texts)))
        found += [('hostile text %d' % i, '', postgresql.hostile_schema([t])) for i, t in enumerate(texts)]
    else:
        found = [(name, *pair) for name, pair in my.schemas.PAIRS.items()]
        for i, t in enumerate(hostile.TEXTS):
            said = t.replace('\\', '\\\\').replace("'", "''")
            found.append(('hostile text %d' % i, '', "CREATE TABLE t (a varchar(900) CHARACTER SET utf8mb4 COMMENT '%s'); "
                          "CREATE VIEW v AS SELECT '%s' AS a" % (said[:400] if not said[:400].endswith('\\') else '', said)))
    hostiles = [c for c in found if c[0].startswith('hostile')]
    plain = [c for c in found if not c[0].startswith('hostile')]
    # each changeSet of PostgreSQL is proven on a server of its own, which takes its time
    step = 8 if side.name == 'postgresql' else 4
    return plain + hostiles if every else plain[::step] + hostiles[::3 * step]


def corpus_cases(folder, side, most):
    at = 'mysql' if side.name in ('mysql', 'mariadb') else side.name
    for path in sorted(glob.glob(os.path.join(folder, at, '*'))):
        with open(path + '/meta.json', encoding='utf8') as f:
            meta = json.load(f)
        if meta.get('same') or meta.get('roles'):
            continue
        yield (os.path.basename(path), *[open(path + side_file, encoding='utf8', errors='replace').read()
                                         for side_file in ('/from.sql', '/to.sql')])


def run(test, side, args):
    forms = [f for f in FORMATS if args['--format'] in ('', f)]
    done = 0
    if args['--corpus']:
        for name, a, b in corpus_cases(args['--corpus'], side, 0):
            if done == int(args['--pairs'] or 20):
                break
            more = ['--facets', '+order'] if side.name == 'sqlite' else []  # where its observer sees that
            done += test.case(side, name, a, b, forms, more, any=True)
    else:
        for name, a, b in own_cases(side, test.every):
            if args['--only'] in name:
                done += test.case(side, name, a, b, forms)
    return '%s %d' % (side.name, done)


def main():
    words = sys.argv[1:]
    args = {}
    chosen = tools.engines(words)
    for key in ('--only', '--format', '--corpus', '--pairs'):
        args[key] = words.pop(words.index(key) + 1) if key in words else ''
        words = [w for w in words if w != key]
    every = '--every' in words
    build = next(w for w in words if w != '--every')
    here = os.path.dirname(os.path.abspath(__file__))
    for what in ([], ['flyway']):
        subprocess.run([os.path.join(here, 'setup.sh'), build, *what], check=True)
    program = os.environ.get('SNAP', os.path.join(build, 'snap'))
    checks, folder = tools.Checks(), tempfile.mkdtemp(prefix='snap-formats-')
    test, told = Test(checks, build, tools.Snap(program), folder, every), []
    try:
        for name, url in chosen:
            side = Lite(folder) if name == 'sqlite' else {'postgresql': Postgres}.get(name, MySQL)(url, folder)
            test.applied = {form: 0 for form in FORMATS}
            try:
                told.append(run(test, side, args))
            except Exception:
                checks.check(False, side.name + ': the test itself', traceback.format_exc())
            finally:
                side.clean()
            told += ['%s %d' % x for x in test.applied.items()]
            if not (args['--only'] or args['--format'] or args['--corpus']):
                checks.check(min(test.applied.values()) >= 5, side.name + ': too few went there and back', test.applied)
    finally:
        test.close()
        shutil.rmtree(folder, ignore_errors=True)
    for what, why in test.refused:
        print('refused: %s: %s' % (what, why.strip().replace('\n', ' ')[:260]))
    print('formats: %d checks, %d failed (pairs, and how many went there and back: %s; %d refused by name)' % (
        checks.n, checks.failed, ', '.join(told), len(test.refused)))
    return 1 if checks.failed or not test.done else 0


if __name__ == '__main__':
    sys.exit(main())
