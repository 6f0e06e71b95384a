#!/usr/bin/env python3
"""snap's changelogs through the real Liquibase on MySQL and MariaDB, judged by SHOW CREATE, and the same
plans as scripts through the client.

usage: mysql.py BUILD [--server URL] [PART...]
The servers are that of --server, or SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL. Parts: everything (a
schema with what Liquibase's own generator loses, from nothing and back), pairs (one changeSet after the
other, both ways), hostile (text that Liquibase, YAML, JDBC, the client or the server might read as
something of their own), bookkeeping (what Liquibase keeps for itself is no part of a schema).
"""
import os
import re
import shutil
import sys
import tempfile
import threading
import traceback
import urllib.parse

import tools
import hostile
import mysql_schemas as schemas

sys.path.insert(0, os.path.join(tools.ROOT, 'tests', 'live'))  # before: both have a mysql.py
import mysql as live  # noqa: E402

VERSIONS = ('4.28.0', '5.0.4')
# A session whose strings take backslashes as they are, and one that reads "x" as a name.
ODD_MODE = "'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT'"
# What TO and FROM are made with: dates of zero among it.
MADE_WITH = "SET sql_mode = 'NO_ENGINE_SUBSTITUTION';\n"


class Server(live.Server):
    def __init__(self, url, folder):
        super().__init__(url)
        u = urllib.parse.urlparse(url)
        self.folder, self.made = folder, set()
        self.client += ['--binary-mode', '--comments']
        self.jdbc = 'jdbc:%s://%s:%d/' % (self.kind, u.hostname, u.port or 3306)
        self.user, self.password = u.username or 'root', urllib.parse.unquote(u.password or '')

    def make(self, db, *scripts):
        self.made.add(db)
        super().make(db, *[MADE_WITH + live.fitting(text, self.kind) for text in scripts if text])
        return self.url + '/' + db

    def dump(self, db):
        """Without what Liquibase keeps, and the session in which a view was made, which is no part of it here."""
        return [(head, body.rsplit('\n', 2)[0] if head.startswith('view ') else body) for head, body in super().dump(db)
                if 'databasechangelog' not in head.lower()]

    def clean(self):
        for db in self.made:
            self.drop(db)


def differences(got, want):
    return '; '.join('%s: %s' % x for x in sorted(set(got) ^ set(want)))[:1500]


class Case:
    """A pair and the changelog that snap makes of it, with the scripts of the same plan. `mode`: the
    sql_mode of the sessions that apply them."""

    def __init__(self, server, snap, name, before, after, *more, mode=''):
        self.server, self.name, self.id = server, '%s: %s' % (server.kind, name), 'lb_%d' % len(server.made)
        self.mode = mode
        self.before = before or ''
        self.log = os.path.join(server.folder, '%s_%s.yaml' % (server.kind, self.id))
        self.up, self.down = self.log + '.up.sql', self.log + '.down.sql'
        a = server.make(self.id + '_a', self.before)
        self.wanted = server.make(self.id + '_b', after)
        self.a, self.b = server.dump(self.id + '_a'), server.dump(self.id + '_b')
        side = 'empty' if before is None else a
        self.error = snap.changelog(side, self.wanted, self.log, '--no-verify', *more) or \
            snap.changelog(side, self.wanted, self.up, '--no-verify', '--rollback-output', self.down)
        self.n = 0 if self.error else tools.count_sets(self.log)


class Trip:
    """A case on a database of its own with one version."""

    def __init__(self, lb, case):
        self.lb, self.case, self.server = lb, case, case.server
        self.db = '%s_%s' % (case.id, lb.version.replace('.', '_'))
        self.url = self.server.make(self.db, case.before)
        self.jdbc = self.server.jdbc + self.db + (case.mode and '?sessionVariables=sql_mode=' + case.mode)

    def tool(self, command, log=None, **arguments):
        folder, name = os.path.split(log or self.case.log)
        return self.lb.run(command, dir=folder, url=self.jdbc, changelogFile=name, username=self.server.user,
                           password=self.server.password, **arguments)

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
        # the newer version: one changeSet after the other, then all of them
        again = stepwise and lb.version == VERSIONS[-1]
        why = (trip.stepwise() if again else '') or trip.forward() or trip.same(snap) or trip.back()
        checks.check(not why, '%s, Liquibase %s' % (case.name, lb.version), why)


def script_text(path):
    """With its carriage returns."""
    with open(path, encoding='utf8', newline='') as f:
        return f.read()


def scripts(checks, snap, cases):
    """The plans through the client."""
    for case in cases:
        db, server = case.id + '_sql', case.server
        url = server.make(db, case.before)
        head = case.mode and 'SET SESSION sql_mode = %s;\n' % case.mode
        for script, state in ((case.up, case.b), (case.down, case.a)):
            why = server.apply(db, head + script_text(script))
            got = server.dump(db)
            what = '%s, %s by the client' % (case.name, script[-8:])
            checks.check(not why and got == state, what, why or differences(got, state))
            if state is case.b:
                checks.equal(snap.run('diff', url, case.wanted)[0], 0, what + ', diff')


def everything(checks, server, snap):
    cases = [Case(server, snap, 'everything from nothing', None, schemas.EVERYTHING),
             Case(server, snap, 'everything from a new database', '', schemas.EVERYTHING, '--id-description', mode=ODD_MODE)]
    text = '\n'.join(head + body for head, body in cases[0].b)
    for word in ('GENERATED ALWAYS AS', 'VIRTUAL', 'STORED', 'FULLTEXT KEY', 'SPATIAL KEY', 'ON DELETE SET NULL', 'CHECK (',
                 'SUBPARTITION BY HASH', 'ENGINE=MyISAM', 'SQL SECURITY INVOKER', 'LOCAL CHECK OPTION',
                 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES', 'latin1', '/* DELIMITER ;; */', '-- a comment;', '1--1', '${DB_PASSWORD}', '😀',
                 'order of trigger third', "STARTS '2030-01-01") + \
            (('PACKAGE BODY', 'WITH SYSTEM VERSIONING', 'PERIOD FOR', 'nextval(', 'sequence numbers') if server.kind == 'mariadb' else
             ('SRID 4326', 'NOT ENFORCED', 'upper(`name`)')):
        checks.check(word in text, '%s: everything holds %s' % (server.kind, word))
    return cases


def pairs(checks, server, snap):
    cases = []
    for name, (before, after) in schemas.PAIRS.items():
        cases.append(Case(server, snap, name, before, after))
        cases.append(Case(server, snap, name + ', reverse', after, before, mode=ODD_MODE))
    return cases


def hostile_texts(checks, server, snap):
    texts = [t for t in hostile.TEXTS if '\r' not in t]
    a, out = server.make('lb_none'), os.path.join(server.folder, 'refused')
    for sql in schemas.REFUSED:
        b, new = server.make('lb_refused', 'DELIMITER $$\n' + sql), server.make('lb_new')
        rc, _, err = snap.run('changelog', a, b, '--no-verify', '-o', out + '.yaml')
        checks.check(rc == 3 and 'UNSUPPORTED_CHANGE' in err and not os.path.exists(out + '.yaml'),
                     '%s: %r is refused' % (server.kind, sql), (rc, err))
        why = snap.changelog(a, b, out + '.sql', '--no-verify') or server.apply('lb_new', script_text(out + '.sql'))
        checks.check(not why and snap.run('diff', new, b)[0] == 0, '%s: %r is kept by a script' % (server.kind, sql), why)
        os.unlink(out + '.sql')
    return [Case(server, snap, 'hostile texts', '', schemas.hostile(texts)),
            Case(server, snap, 'hostile names', '', schemas.names())]


def bookkeeping(checks, lb, snap, cases):
    """Everything goes, and Liquibase's tables stay; they are no difference before and after."""
    for case in cases:
        trip = Trip(lb, case)
        checks.equal(trip.forward(), '', case.name + ': update, Liquibase ' + lb.version)
        rows = server_rows(trip)
        checks.equal(rows, case.n, case.name + ': rows of bookkeeping')
        log = os.path.join(trip.server.folder, '%s_%s_empty.yaml' % (trip.server.kind, trip.db))
        checks.equal(snap.changelog(trip.url, 'empty', log, '--no-verify'), '', case.name + ': changelog to empty')
        text = live.read(log)
        checks.check('DROP TABLE' in text, case.name + ': nothing is dropped', text)
        checks.check(not re.search('(?i)TABLE[^\n]*databasechangelog', text), case.name + ': it is dropped', text)
        n = tools.count_sets(log)
        checks.equal(trip.tool('update', log=log), '', case.name + ': update to empty, ' + lb.version)
        checks.equal(trip.is_at(case.a, 'not empty'), '', case.name + ': update to empty')
        checks.equal(server_rows(trip), rows + n, case.name + ': rows of it are gone')
        checks.equal(trip.tool('rollbackCount', log=log, count=n), '', case.name + ': rollback')
        checks.equal(trip.is_at(case.b, 'not back'), '', case.name + ': rollback')


def server_rows(trip):
    return int(trip.server.rows(trip.db, 'SELECT count(*) FROM DATABASECHANGELOG')[0][0])


PARTS = {
    'everything': (everything, lambda *a: there_and_back(*a, stepwise=False)),
    'pairs': (pairs, lambda *a: there_and_back(*a, stepwise=True)),
    'hostile': (hostile_texts, lambda *a: there_and_back(*a, stepwise=False)),
    'bookkeeping': (lambda c, server, snap: [Case(server, snap, 'bookkeeping', '', schemas.BASE)], bookkeeping),
}


def run_part(checks, servers, snap, engines, name):
    make, work = PARTS[name]
    before = checks.n
    cases = [case for server in servers for case in make(checks, server, snap)]
    for case in cases:
        checks.check(not case.error, '%s: snap' % case.name, case.error)
    cases = [c for c in cases if not c.error]

    def one(run, *args):
        try:
            run(checks, *args)
        except Exception:
            checks.check(False, '%s: the test itself' % name, traceback.format_exc())
    threads = [threading.Thread(target=one, args=(work, engine, snap, cases)) for engine in engines]
    if name != 'bookkeeping':
        threads.append(threading.Thread(target=one, args=(scripts, snap, cases)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.check(checks.n - before >= len(engines) * len(cases) > 0, name + ': checks are missing')
    return '%s %d' % (name, checks.n - before)


def main():
    args = sys.argv[1:]
    urls = [args.pop(args.index('--server') + 1)] if '--server' in args else \
        [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    build, *parts = [x for x in args if x != '--server']
    checks, snap = tools.Checks(), tools.Snap(os.path.join(build, 'snap'))
    folder = tempfile.mkdtemp(prefix='snap-liquibase-')
    servers, engines = [Server(url, folder) for url in urls], []
    try:
        engines = [tools.Liquibase(build, v, os.path.join(folder, v)) for v in VERSIONS]
        told = [run_part(checks, servers, snap, engines, p) for p in parts or PARTS]
    finally:
        for engine in engines:
            engine.close()
        for server in servers:
            server.clean()
        shutil.rmtree(folder, ignore_errors=True)
    print('liquibase %s on %s: %d checks, %d failed (%s)' % (
        ' and '.join(VERSIONS), ' and '.join('%s %s' % (s.kind, '.'.join(map(str, s.version))) for s in servers),
        checks.n, checks.failed, ', '.join(told)))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
