#!/usr/bin/env python3
"""Checks of one environment that do not look at the same: --exclude, --include, --schemas, --facets, --data and
--map-schema change from night to night, by option and by snap.yml. What a check did not look at is told neither as
dropped nor as added, and what happened to it meanwhile is told by the next check that looks. The history lies in a
file, and on PostgreSQL in a database as well.
usage: scopes.py SNAP [--engine NAME,...]     NAME: sqlite, postgresql
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'liquibase'))
import tools  # noqa: E402
import data  # noqa: E402

START = datetime.datetime(2026, 11, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)
TABLES = 'CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY, n varchar(9));' \
         'CREATE INDEX bn ON b (n);'


class Case:
    def __init__(self, checks, program, kind, url, stored, folder):
        self.checks, self.program, self.kind, self.stored, self.folder = checks, program, kind, stored, folder
        self.place = data.Server(kind, url) if url else data.Lite(folder)
        self.live, self.night = 'scopes_live', 0
        self.place.make(self.live)
        if stored:
            self.place.make('scopes_kept')
        self.config()

    def config(self, more=''):
        kept = ', history: "%s"' % self.place.url('scopes_kept') if self.stored else ''
        with open(self.folder + '/snap.yml', 'w', encoding='utf8') as f:
            f.write('version: 1\nenvironments:\n  prod: { url: "%s" }\ndrift:\n  prod: { baseline: base.snap.json%s }\n%s'
                    % (self.place.url(self.live), kept, more))

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, '%s%s: %s' % (self.kind, ', kept there' if self.stored else '', what), seen)

    def sql(self, text):
        error = self.place.apply(self.live, text)
        self.check(not error, 'what a night needs', error)

    def snap(self, *words, status=(0,)):
        env = dict(os.environ, SOURCE_DATE_EPOCH=str(int((START + datetime.timedelta(days=self.night)).timestamp())))
        r = subprocess.run([self.program, *words], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
        self.check(r.returncode in status, 'snap %s: exit %d' % (' '.join(words), r.returncode), (r.stdout + r.stderr).decode())
        return r.stdout.decode()

    def look(self, *words, status=(0,)):
        out = self.snap('drift', 'prod', *words, status=status)
        self.night += 1
        return out

    def told(self):
        """Events behind the first state, oldest first: (night, op, last part of the path, night before or None)."""
        states = json.loads(self.snap('log', 'prod', '-f', 'json'))['states']
        out = []
        night = {(START + datetime.timedelta(days=n)).strftime('%Y-%m-%dT%H:%M:%SZ'): n for n in range(self.night)}
        for s in reversed(states[:-1]):
            ops = [c['op'] for c in s['changes']]
            self.check((ops.count('add'), ops.count('alter'), ops.count('drop')) == (s['added'], s['changed'], s['dropped']),
                       'the counts are those of the events', s)
            out += [(night[s['time']], c['op'], c['path'].split('/')[-1], night.get(c['not_before'])) for c in s['changes']]
        return out

    def equal(self, want, what):
        got = self.told()
        self.check(got == want, what, got)

    def end(self):
        self.place.drop(self.live)
        if self.stored:
            self.place.drop('scopes_kept')


def patterns(c):
    c.sql(TABLES)
    c.snap('snapshot', 'prod', '-o', 'base.snap.json')
    c.look()
    c.look('--exclude', 'table:b')
    c.look('--include', 'table:a')
    c.config('defaults: { exclude: ["index:bn"] }\n')
    c.look()
    c.config()
    c.look()
    c.equal([], 'nothing happened')
    said = c.snap('log', 'prod')
    c.check('the scope of the checks changed: --exclude table:b' in said and
            'the scope of the checks changed: --include table:a' in said and
            'the scope of the checks changed: everything' in said, 'the scope is told', said)
    c.look('--exclude', 'table:b')
    c.sql('DROP INDEX bn; CREATE TABLE z (id integer PRIMARY KEY);')
    c.look('--exclude', 'table:b', '--exclude', 'table:z')
    gone = c.look(status=(1,))
    c.check('came after 2026-11-07' not in gone, 'no check before looked at it', gone)
    want = [(7, 'drop', 'index:bn', 4)]
    c.check([e for e in c.told() if e[1] == 'drop'] == want, 'what was dropped meanwhile', c.told())
    c.check((7, 'add', 'table:z', 5) in c.told(), 'what came meanwhile: the check of night 5 looked for it', c.told())
    c.check('last looked at by the check of 2026-11-05' in c.snap('log', 'prod', 'b'), 'the log of the table')
    c.check('between 2026-11-05T02:00:00Z and 2026-11-08T02:00:00Z' in c.snap('blame', 'prod', 'bn'), 'its blame')
    c.look('--include', 'table:a')
    open_one = c.look(status=(1,))
    c.check('known since 2026-11-08' in open_one, 'a finding out of scope stays open, and is the same one later', open_one)
    c.snap('report', 'prod', '-o', 'site')
    pages = ''
    for top, _, names in os.walk(c.folder + '/site'):
        for name in names:
            with open(os.path.join(top, name), encoding='utf8') as f:
                pages += f.read()
    c.check('The scope of the checks changed: --exclude table:b' in pages and 'Last looked at by the check of' in pages,
            'the report tells it')


def rows(c):
    c.sql('CREATE TABLE t (id integer PRIMARY KEY, n varchar(9)); CREATE TABLE u (id integer PRIMARY KEY);'
          "INSERT INTO t VALUES (1, 'x'); INSERT INTO u VALUES (7);")
    c.snap('snapshot', 'prod', '-o', 'base.snap.json', '--data', 't', '--data', 'u')
    c.look('--data', 't', '--data', 'u')
    c.snap('diff', 'base.snap.json', 'prod', '--data', 't')
    c.look('--data', 't')
    c.snap('snapshot', 'prod', '-o', 'base.snap.json')
    c.look()
    c.equal([], 'rows that nobody looked at')
    c.sql('DELETE FROM u;')
    c.snap('snapshot', 'prod', '-o', 'base.snap.json', '--data', 't', '--data', 'u')
    c.look('--data', 't', '--data', 'u')
    c.check([e for e in c.told() if e[1] != 'alter'] == [(3, 'drop', 'rows:#', 0), (3, 'drop', 'row:7', 0)],
            'a row that went meanwhile', c.told())
    c.sql("INSERT INTO u VALUES (8);")
    c.look('--data', 't', '--data', 'u', status=(1,))
    c.look('--data', 't')
    said = c.look('--data', 't', '--data', 'u', status=(1,))
    c.check('known since 2026-11-05' in said, 'a finding of rows that were not read stays open', said)


def facets(c):
    c.sql(TABLES + "GRANT SELECT ON a TO PUBLIC; COMMENT ON TABLE a IS 'one'; CREATE SEQUENCE s;")
    c.snap('snapshot', 'prod', '-o', 'base.snap.json', '--facets', '+counters')
    c.look()
    c.look('--facets', '+counters')
    c.look()
    c.equal([], 'facets that one check did not capture')


def schemas(c):
    c.sql('CREATE SCHEMA one; CREATE TABLE one.t (id int); CREATE SCHEMA two; CREATE TABLE two.u (id int);')
    c.snap('snapshot', 'prod', '-o', 'base.snap.json')
    c.look()
    c.look('--schemas', 'one')
    c.snap('snapshot', 'prod', '-o', 'base.snap.json', '--map-schema', 'two=three')
    c.look('--map-schema', 'two=three')
    c.sql('DROP TABLE two.u;')
    c.look('--map-schema', 'two=three', status=(1,))
    c.snap('snapshot', 'prod', '-o', 'base.snap.json')
    c.look()
    got = [e for e in c.told() if e[2] in ('table:t', 'schema:one', 'schema:two', 'schema:three', 'table:u', 'column:id')]
    want = [(2, 'add', 'schema:three', None), (2, 'add', 'table:u', None), (2, 'add', 'column:id', None),
            (3, 'drop', 'table:u', 2), (3, 'drop', 'column:id', 2), (4, 'drop', 'table:u', 0), (4, 'drop', 'column:id', 0)]
    c.check(got == want and len(got) == len(c.told()), 'schemas', c.told())


def damaged(c):
    """A path of the history is not the one that was written."""
    c.sql(TABLES)
    c.snap('snapshot', 'prod', '-o', 'base.snap.json')
    c.look()
    error = c.place.apply('scopes_kept', "UPDATE snap_history.path SET hash = decode(md5('x'), 'hex') WHERE text LIKE '%/index:bn'")
    c.check(not error, 'the damage', error)
    c.sql('DROP INDEX bn;')
    c.look(status=(3,))
    c.check(len(json.loads(c.snap('log', 'prod', '-f', 'json'))['states']) == 1, 'nothing was written')


def main():
    chosen = tools.engines(sys.argv[1:])
    program, checks = os.path.abspath(sys.argv[1]), tools.Checks()
    for kind, url in chosen:
        parts = [patterns, rows] + ([facets, schemas] if kind == 'postgresql' else [])
        runs = [(part, False) for part in parts]
        if kind == 'postgresql':
            runs += [(part, True) for part in (patterns, schemas, damaged)]
        for part, stored in runs:
            with tempfile.TemporaryDirectory(prefix='snap-scopes-') as folder:
                c = Case(checks, program, kind, url, stored, folder)
                try:
                    part(c)
                    if part is not damaged:
                        c.snap('log', '--check')
                finally:
                    c.end()
    checks.check(checks.n >= 50, 'too few checks were made', checks.n)
    print('%d checks of nights that looked at other things, %d failed' % (checks.n, checks.failed))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
