#!/usr/bin/env python3
"""Nights of snap drift on SQLite, simulated by SOURCE_DATE_EPOCH: the nine combinations of baseline and live
against what both last agreed on, drift that stays drift, scopes and facets that change, failed checks, rules and
what fails. usage: nights.py SNAP [--full]"""
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from counted import Counted
from folder import Folder, clean
from moments import catches

SNAP = os.path.abspath(sys.argv[1])
COUNT = Counted('nights')
check = COUNT.check
CASES = []
CLEAN = clean(GIT_AUTHOR_NAME='a', GIT_AUTHOR_EMAIL='a@b', GIT_COMMITTER_NAME='a', GIT_COMMITTER_EMAIL='a@b',
              GIT_CONFIG_GLOBAL='/dev/null', GIT_CONFIG_NOSYSTEM='1')
DAY = 86400
FIRST = 1793577600  # 2026-11-02T00:00:00Z


class Case:
    """A folder with a live database, a baseline and a history; a night is one check. Both are of TABLE at first."""

    def __init__(self, name, config='', git=False, live=None, agreed=None):
        CASES.append(name)
        self.name, self.night, self.git = name, 0, git
        self.place = Folder('nights')
        self.folder, self.put, self.database = self.place.path, self.place.put, self.place.database
        baseline = "'git:HEAD:base.json'" if git else 'base.json'
        self.put('snap.yml', 'environments:\n  prod: {url: "sqlite:live.db"}\n'
                             'drift:\n  prod: {baseline: %s}\n%s' % (baseline, config))
        if git:
            self.sh('git', 'init', '-q', '.')
        self.baseline(agreed or TABLE)
        self.live(live or agreed or TABLE)

    def sh(self, *words):
        subprocess.run(words, cwd=self.folder, env=CLEAN, check=True, stdout=subprocess.DEVNULL)

    def live(self, script):
        self.database('live.db', script)

    def baseline(self, script):
        self.database('wanted.db', script)
        self.sh(SNAP, 'snapshot', 'wanted.db', '-o', 'base.json')
        if self.git:
            self.sh('git', 'add', 'base.json')
            self.sh('git', 'commit', '-q', '--allow-empty', '-m', 'x')

    def run(self, args='', env=None):
        self.night += 1
        words = [SNAP, 'drift', 'prod', '-v', *args.split()]
        return subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              env=dict(CLEAN, SOURCE_DATE_EPOCH=str(FIRST + self.night * DAY), **(env or {})))

    def open(self):
        """What the history holds open: {(path, facet): (verdict, since, not before)}."""
        db = sqlite3.connect(os.path.join(self.folder, '.snap', 'history.db'))
        names = ['structure', 'comments', 'owner', 'acl', 'storage', 'order', 'stats', 'counters', 'pragmas']
        rows = db.execute('SELECT path, facet, verdict, since, not_before FROM finding WHERE closed IS NULL')
        words = ['none', 'differs', 'drift', 'pending', 'conflict']
        out = {(p, names[f.bit_length() - 1]): (words[v], s, b) for p, f, v, s, b in rows}
        db.close()
        return out

    def night_is(self, what, status, want, args=''):
        """One night: its exit status, and {path: verdict} of what is open."""
        r = self.run(args)
        where = '%s, night %d (%s): ' % (self.name, self.night, what)
        check(r.returncode == status, '%sexit %d, wanted %d\n%s%s' % (where, r.returncode, status, r.stdout,
                                                                      r.stderr))
        check(bool(r.stdout) == (status == 1), '%sthe report is <%s>' % (where, r.stdout))
        got = {p: v[0] for (p, _), v in self.open().items()}
        check(got == want, '%sopen is %s, wanted %s' % (where, got, want))
        return r

    def done(self):
        self.place.remove()


# The states of one thing against what both agreed on: same, gone, changed (two ways).
VIEW = {'same': 'CREATE VIEW v AS SELECT 1 AS a;', 'gone': '', 'one': 'CREATE VIEW v AS SELECT 2 AS a;',
        'two': 'CREATE VIEW v AS SELECT 3 AS a;'}
INDEX = {'same': 'CREATE INDEX i ON t (x);', 'gone': '', 'one': 'CREATE UNIQUE INDEX i ON t (x);',
         'two': 'CREATE INDEX i ON t (x DESC);'}
TRIGGER = {k: '' if k == 'gone' else 'CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT %d; END;' % n
           for n, k in enumerate(['same', 'gone', 'one', 'two'])}
COLUMN = {'same': 'CREATE TABLE c (k INTEGER, x INT);', 'gone': 'CREATE TABLE c (k INTEGER);',
          'one': 'CREATE TABLE c (k INTEGER, x TEXT);', 'two': 'CREATE TABLE c (k INTEGER, x REAL);'}
TABLE = 'CREATE TABLE t (x INT);\n'

# baseline, live, verdict: nine, of which `changed, changed` has two forms.
NINE = [('same', 'same', None), ('same', 'gone', 'drift'), ('same', 'one', 'drift'),
        ('gone', 'same', 'pending'), ('gone', 'gone', None), ('gone', 'one', 'conflict'),
        ('one', 'same', 'pending'), ('one', 'gone', 'conflict'), ('one', 'one', None),
        ('one', 'two', 'conflict')]


def nine(things, git):
    for kind, path, forms in things:
        for baseline, live, verdict in NINE:
            c = Case('%s: baseline %s, live %s%s' % (kind, baseline, live, ', git' if git else ''), git=git, agreed=TABLE + forms['same'])
            c.night_is('agreed', 0, {})
            c.baseline(TABLE + forms[baseline])
            c.live(TABLE + forms[live])
            want = {path: verdict} if verdict else {}
            status = 1 if verdict in ('drift', 'conflict') else 0
            c.night_is('moved', status, want)
            c.night_is('the night after', status, want)
            c.baseline(TABLE + forms[live])
            c.night_is('the baseline took it', 0, {})
            c.done()


def first_night():
    """Nothing is known of how it was: drift, on later nights too."""
    c = Case('first night', agreed=TABLE + VIEW['same'], live=TABLE + VIEW['one'])
    c.night_is('first', 1, {'view:v': 'drift'})
    c.night_is('second', 1, {'view:v': 'drift'})
    c.live(TABLE + VIEW['same'])
    c.night_is('mended', 0, {})
    c.baseline(TABLE + VIEW['two'])
    c.night_is('now it is known', 0, {'view:v': 'pending'})
    c.live(TABLE + VIEW['two'])
    c.night_is('deployed', 0, {})
    c.done()


def since():
    """A finding keeps its first night."""
    c = Case('since')
    c.night_is('same', 0, {})
    c.live(TABLE + VIEW['one'])
    c.night_is('came', 1, {'view:v': 'drift'})
    c.night_is('stays', 1, {'view:v': 'drift'})
    got = c.open()[('view:v', 'structure')]
    check(got[1:] == ('2026-11-04T00:00:00Z', '2026-11-03T00:00:00Z'), 'since: %s' % (got,))
    c.live(TABLE + VIEW['two'])
    c.night_is('moved again', 1, {'view:v': 'drift'})
    got = c.open()[('view:v', 'structure')]
    check(got[1:] == ('2026-11-06T00:00:00Z', '2026-11-05T00:00:00Z'), 'since, moved: %s' % (got,))
    c.done()


def scopes():
    """What was not looked at is unknown, and no finding is resolved by looking away."""
    c = Case('scopes')
    c.night_is('views left out', 0, {}, '--exclude view:*')
    c.baseline(TABLE + VIEW['one'])
    c.night_is('all: live never had it, which nobody saw', 1, {'view:v': 'drift'})
    c.night_is('left out again', 0, {'view:v': 'drift'}, '--exclude view:*')
    c.night_is('all again', 1, {'view:v': 'drift'})
    c.night_is('other things only', 0, {'view:v': 'drift'}, '--include table:t')
    c.live(TABLE + VIEW['one'])
    c.night_is('deployed', 0, {})
    c.done()
    c = Case('facets', live='PRAGMA user_version = 7;' + TABLE)
    r = c.run('--facets +pragmas')
    check(r.returncode == 1, 'facets: exit %d %s' % (r.returncode, r.stderr))
    kept = {p: 'drift' for (p, _) in c.open()}
    check(len(kept) == 1, 'facets: %s' % kept)
    c.night_is('structure alone', 0, kept)
    c.night_is('pragmas again', 1, kept, '--facets +pragmas')
    c.live(TABLE)
    c.night_is('mended', 0, {}, '--facets +pragmas')
    c.live('PRAGMA user_version = 8;' + TABLE)
    c.night_is('structure alone, and it moved', 0, {})
    c.night_is('it was seen then, and not compared', 1, kept, '--facets +pragmas')
    c.done()


def failures():
    """A check that failed is written down, and what was open stays open."""
    c = Case('failures', live=TABLE + VIEW['one'])
    c.night_is('drift', 1, {'view:v': 'drift'})
    os.rename(os.path.join(c.folder, 'live.db'), os.path.join(c.folder, 'away'))
    r = c.run()
    check(r.returncode == 5, 'failures: exit %d: %s' % (r.returncode, r.stderr))
    check({p: v[0] for (p, _), v in c.open().items()} == {'view:v': 'drift'}, 'failures: open %s' % c.open())
    db = sqlite3.connect(os.path.join(c.folder, '.snap', 'history.db'))
    check('NO_SUCH_FILE' in str(db.execute('SELECT * FROM env').fetchall()), 'failures: it is not written down')
    db.close()
    os.rename(os.path.join(c.folder, 'away'), os.path.join(c.folder, 'live.db'))
    c.night_is('back', 1, {'view:v': 'drift'})
    got = c.open()[('view:v', 'structure')]
    check(got[1] == '2026-11-03T00:00:00Z', 'failures: since %s' % (got,))
    c.done()


def clocks():
    c = Case('clocks')
    c.night_is('one', 0, {})
    c.night -= 1
    r = c.run()
    check(r.returncode == 3 and 'HISTORY_TIME' in r.stderr, 'clocks: %d %s' % (r.returncode, r.stderr))
    c.night -= 3
    r = c.run()
    check(r.returncode == 3 and 'HISTORY_TIME' in r.stderr, 'clocks, back: %d %s' % (r.returncode, r.stderr))
    c.done()


def feed(fifo, text):
    """To each that opens it for reading."""
    while os.path.exists(fifo):
        try:
            with open(fifo, 'w', encoding='utf8') as f:
                f.write(text)
        except (BrokenPipeError, FileNotFoundError):
            pass
        time.sleep(0.05)


def slow_one():
    """What was read before another check read and wrote is not written down behind that."""
    c = Case('slow')
    own = {k: v for k, v in CLEAN.items() if k != 'SOURCE_DATE_EPOCH'}
    os.mkfifo(os.path.join(c.folder, 'slow.sql'))
    words = [SNAP, 'drift', 'prod', '--baseline']
    # it waits at the FIFO for somebody who writes
    slow = subprocess.Popen(words + ['sqlite:slow.sql'], cwd=c.folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)
    catches(slow, signal.SIGTERM)
    time.sleep(1.5)
    c.live(TABLE + VIEW['one'])
    r = subprocess.run(words + ['base.json'], cwd=c.folder, env=own, stdout=subprocess.PIPE)
    check(slow.poll() is None, 'slow: it waits: %s' % slow.poll())
    threading.Thread(target=feed, args=(os.path.join(c.folder, 'slow.sql'), TABLE), daemon=True).start()
    _, err = slow.communicate(timeout=60)
    check(r.returncode == 1, 'slow: the other one: exit %d' % r.returncode)
    check(slow.returncode == 7 and 'HISTORY_LOCKED' in err, 'slow: exit %d %s' % (slow.returncode, err))
    check({p: v[0] for (p, _), v in c.open().items()} == {'view:v': 'drift'}, 'slow: %s' % c.open())
    c.done()


def no_history():
    """Without a drift: entry, or with none, nothing is kept and every difference is drift."""
    c = Case('no history', live=TABLE + VIEW['one'])
    for args in ['--history none', '--history none']:
        r = c.run(args)
        check(r.returncode == 1, 'no history: exit %d' % r.returncode)
    check(not os.path.exists(os.path.join(c.folder, '.snap')), 'no history: there is one')
    c.put('snap.yml', 'environments:\n  prod: {url: "sqlite:live.db"}\n')
    r = c.run('--baseline base.json')
    check(r.returncode == 1 and not os.path.exists(os.path.join(c.folder, '.snap')), 'no entry: %d' % r.returncode)
    r = c.run('--baseline base.json --history kept.db')
    check(r.returncode == 1 and os.path.exists(os.path.join(c.folder, 'kept.db')), '--history: %d' % r.returncode)
    r = c.run('--history kept.db')
    check(r.returncode == 0 and not r.stdout, 'without a baseline: %d %s' % (r.returncode, r.stderr))
    c.done()
    c = Case('no baseline yet', live=TABLE + VIEW['one'])
    c.put('snap.yml', 'environments:\n  prod: {url: "sqlite:live.db"}\n')
    r = c.run('--history .snap/history.db')
    check(r.returncode == 0, 'no baseline yet: %d %s' % (r.returncode, r.stderr))
    first = '--history .snap/history.db --baseline base.json'
    c.night_is('the first one: nothing was agreed on before', 1, {'view:v': 'drift'}, first)
    c.live(TABLE + VIEW['one'] + VIEW['two'].replace('VIEW v', 'VIEW w'))
    c.run('--history .snap/history.db')
    c.night_is('one without in between', 1, {'view:v': 'drift', 'view:w': 'drift'}, first)
    third = TABLE + VIEW['one'].replace('VIEW v', 'VIEW x')
    c.live(third)
    c.run('--history .snap/history.db')
    c.put('live.db', 'no database' * 500)
    check(c.run(first).returncode == 5, 'one that fails, of which nothing is agreed on')
    os.remove(os.path.join(c.folder, 'live.db'))
    c.live(third)
    c.night_is('one without, and one that failed', 1, {'view:x': 'drift'}, first)
    c.live(TABLE)
    c.night_is('mended', 0, {}, first)
    c.put('live.db', 'no database' * 500)
    check(c.run(first).returncode == 5, 'one that fails, after one that did not')
    os.remove(os.path.join(c.folder, 'live.db'))
    c.live(TABLE)
    c.baseline(TABLE + VIEW['one'])
    c.night_is('what the last good one agreed on still holds', 0, {'view:v': 'pending'}, first)
    c.done()


def rules():
    """Rules of snap.yml, and what fails."""
    c = Case('rules', 'ignore:\n- {match: "view:*", reason: reports make them, owner: bi, expires: 2026-11-05}\n')
    c.night_is('same', 0, {})
    c.live(TABLE + VIEW['one'])
    c.night_is('let pass', 0, {'view:v': 'drift'})
    c.night_is('the last day', 0, {'view:v': 'drift'})
    c.night_is('expired', 1, {'view:v': 'drift'})
    c.done()
    c = Case('most', 'ignore:\n- {match: "view:*", reason: x, most: 1}\n', live=TABLE + VIEW['one'])
    c.night_is('one', 0, {'view:v': 'drift'})
    c.live(TABLE + VIEW['one'] + 'CREATE VIEW w AS SELECT 1;')
    c.night_is('two', 1, {'view:v': 'drift', 'view:w': 'drift'})
    c.done()
    c = Case('presets', 'presets: [gh-ost]\n', live=TABLE + 'CREATE TABLE _t_gho (x INT);CREATE TABLE _t_ghc (x INT);')
    r = c.run()
    check(r.returncode == 0, 'presets: %d %s' % (r.returncode, r.stdout))
    c.done()
    c = Case('fail_on', live=TABLE + VIEW['one'])
    for words, status in [('drift', 1), ('breaking', 0), ('destructive', 0), ('error', 1), ('comments', 0),
                          ('structure,error', 1), ('never', 0), ('pending', 1)]:
        r = c.run('--fail-on ' + words)
        check(r.returncode == status, '--fail-on %s: exit %d' % (words, r.returncode))
    r = c.run('--fail-on brekaing')
    check(r.returncode == 2 and 'did you mean breaking?' in r.stderr, '--fail-on: %s' % r.stderr)
    c.live(TABLE)
    c.run()
    c.baseline(TABLE + VIEW['one'])
    check(c.run('--fail-on pending').returncode == 1, 'pending fails where it is asked for')
    check(c.run().returncode == 0, 'pending is no drift')
    c.done()
    c = Case('severity')
    c.put('snap.yml', 'environments:\n  prod: {url: "sqlite:live.db"}\ndrift:\n  prod:\n    baseline: base.json\n'
                      '    fail_on: [error]\n    severity: {structure: warning}\n')
    c.baseline(TABLE + VIEW['one'])
    c.live(TABLE)
    c.night_is('a warning does not fail', 0, {'view:v': 'drift'})
    lost = 'CREATE TABLE lost (x INT);'
    c.baseline(TABLE + lost)
    c.live(TABLE + lost)
    c.night_is('agreed', 0, {})
    c.live(TABLE)
    r = c.run()
    check(r.returncode == 1, 'a loss of data is an error: %d %s' % (r.returncode, r.stdout))
    c.done()


def main():
    nine([('index', 'table:t/index:i', INDEX), ('column', 'table:c/column:x', COLUMN)], False)
    nine([('view', 'view:v', VIEW)], True)
    if '--full' in sys.argv:
        nine([('view', 'view:v', VIEW), ('trigger', 'table:t/trigger:g', TRIGGER)], False)
    first_night()
    since()
    scopes()
    failures()
    clocks()
    slow_one()
    no_history()
    rules()
    return COUNT.end('%d tests, ' % len(CASES))


if __name__ == '__main__':
    sys.exit(main())
