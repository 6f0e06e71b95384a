#!/usr/bin/env python3
"""Golden cases: what snap writes for a pair of schemas, byte for byte, and whether it works.

usage: golden.py SNAP GOLDEN_DIR [--accept] [--only CASE]

A case is a folder GOLDEN_DIR/<engine>/<case>/ with
  from.sql, to.sql   the two schemas
  rows.sql           rows of FROM, before anything is run
  case.json          what the case is about and its options, see CASE_KEYS
  check.sql          queries that each give 1 once plan.sql has run
  check_back.sql     queries that each give 1 once back.sql has run
and what snap wrote when a person last read it
  from.json, to.json (snapshot), diff.txt (diff), diff.yaml (changelog, proven), plan.sql, back.sql
  (changelog --format sql), expect.json (exit statuses, messages and caps).
Then plan.sql is run by the engine's own shell on FROM with its rows, foreign keys off and on, and an
observer that is not snap must see TO and every row; after back.sql it must see FROM again. A script
that must stop is also run without the shell. An attribute that no case changes, an alter that no case
uses and a hazard that no case shows are failures too: their lists are snap's own (snap features, snap
help hazards). --accept writes what snap wrote.
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import observer  # noqa: E402

WRITTEN = ('from.json', 'to.json', 'diff.txt', 'diff.yaml', 'plan.sql', 'back.sql')
CASE_KEYS = {
    'about',       # one sentence: what the case shows
    'options',     # of diff and changelog; --facets also of snapshot
    'functions', 'collations',  # that only the application has: given to whatever opens the files
    'stops',       # words with which plan.sql stops because of the rows, having changed nothing
    'back_stops',  # the same of back.sql
    'impossible',  # words with which back.sql always stops: there is no way back
    'loses',       # tables that lose rows or values by intention
}
# Hazards of servers: tests/live/postgresql_locks.py and tests/live/postgresql.py show them.
ELSEWHERE = {'DANGLING', 'GRANTS_LOST', 'OLD_DOCUMENTS', 'ROWS_MOVE', 'SCAN', 'SECRET_MISSING', 'TRIGGERS_FIRE'}
# Rows, which no case names: tests/live/data.py and tests/unit/test_data.c show them.
ROWS = {'rows.key', 'row.values', 'row.write'}
MASK = re.compile(rb'SQLite \d+\.\d+\.\d+')
# How the work of each alter can be known in a script.
ALTERS = {
    'table.create': r'^-- step \d+: create table ',
    'table.drop': r'^-- step \d+: drop table ',
    'table.rename': r'^ALTER TABLE (?!_snap_)\S+ RENAME TO (?!_snap_)',
    'table.recase': r'^ALTER TABLE (?!_snap_)\S+ RENAME TO _snap_',
    'table.rebuild': r'^INSERT OR ABORT INTO ',
    'table.sequence': r'^INSERT INTO sqlite_sequence \(name, seq\) VALUES',
    'column.add': r'^ALTER TABLE \S+ ADD COLUMN ',
    'column.drop': r'^ALTER TABLE \S+ DROP COLUMN ',
    'column.rename': r'^ALTER TABLE \S+ RENAME COLUMN (\w+) TO (?!(?i:\1);)',
    'column.recase': r'^ALTER TABLE \S+ RENAME COLUMN (\w+) TO (?i:\1);',
    'constraint.ride': r'^ALTER TABLE \S+ ADD COLUMN .* (CHECK|REFERENCES) ',
    'index.create': r'^-- step \d+: create index ',
    'index.drop': r'^-- step \d+: drop index ',
    'view.create': r'^-- step \d+: create view ',
    'view.drop': r'^-- step \d+: drop view ',
    'trigger.create': r'^-- step \d+: create trigger ',
    'trigger.drop': r'^-- step \d+: drop trigger ',
    'virtual.create': r'^-- step \d+: create virtual table ',
    'virtual.drop': r'^-- step \d+: drop virtual table ',
    'virtual.repopulate': r'^-- step \d+: change virtual table ',
    'pragma.set': r'^PRAGMA (user_version|application_id|auto_vacuum|page_size|encoding) = ',
}


class Count:
    """What was looked at so far."""
    checks = 0

    @classmethod
    def one(cls):
        cls.checks += 1


class Snap:
    """Runs snap in a folder; keeps the peak memory of the last run."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        with open(self.path, 'rb') as f:
            self.sanitized = b'__asan_init' in f.read()
        self.env = {'PATH': os.environ.get('PATH', ''), 'TMPDIR': tempfile.gettempdir(),
                    'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.peak_kb = 0

    def run(self, cwd, *args):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            p = subprocess.Popen([self.path, *args], cwd=cwd, env=self.env, stdout=out, stderr=err,
                                 stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
            self.peak_kb = usage.ru_maxrss
            out.seek(0)
            err.seek(0)
            return p.returncode, out.read(), err.read().decode('utf8', 'replace')


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def text_of(folder, name):
    path = os.path.join(folder, name)
    return read(path).decode('utf8') if os.path.exists(path) else ''


class Application:
    """Opens databases as the application of a case does; stands for the module sqlite3 in the
    observer, which knows no case."""
    Error = sqlite3.Error

    def __init__(self, case):
        self.case = case

    def connect(self, path, **how):
        con = sqlite3.connect(path, **how)
        for name in self.case.get('functions', ()):
            con.create_function(name, -1, lambda *a: a[0] if a else None, deterministic=True)
        for name in self.case.get('collations', ()):
            con.create_collation(name, lambda a, b: (a > b) - (a < b))
        return con


def connect(path, case):
    return Application(case).connect(path, isolation_level=None)


def build(path, case, *scripts):
    con = connect(path, case)
    for sql in scripts:
        con.executescript(sql)
    con.close()


def load_case(folder):
    text = text_of(folder, 'case.json')
    case = json.loads(text) if text else {}
    unknown = set(case) - CASE_KEYS
    if unknown:
        raise ValueError('case.json: unknown keys %s' % sorted(unknown))
    return case


# What snap writes

def facets_of(options):
    at = [i for i, o in enumerate(options) if o == '--facets']
    return ['--facets', options[at[0] + 1]] if at else []


def run_snap(snap, tmp, case):
    """{file: bytes} of what was written, the statuses and words, and the peak of the diff."""
    options = case.get('options', [])
    got, status, says = {}, {}, {}

    def note(name, result):
        status[name] = result[0]
        if result[2].strip():
            says[name] = result[2].strip().split('\n')
        return result

    for side in ('from', 'to'):
        note(side, snap.run(tmp, 'snapshot', side + '.db', '-o', side + '.json', *facets_of(options)))
    got['diff.txt'] = note('diff', snap.run(tmp, 'diff', 'from.db', 'to.db', *options))[1]
    peak = snap.peak_kb
    note('changelog', snap.run(tmp, 'changelog', 'from.db', 'to.db', '-o', 'diff.yaml', '--author',
                               'golden', *options))
    note('script', snap.run(tmp, 'changelog', 'from.db', 'to.db', '-o', 'plan.sql', '--format', 'sql',
                            '--no-verify', '--rollback-output', 'back.sql', *options))
    for name in WRITTEN:
        path = os.path.join(tmp, name)
        if os.path.exists(path):
            got[name] = read(path)
    return got, {'status': status, 'says': says}, peak


def compare(folder, got, expect, peak, snap):
    """What differs from what was accepted."""
    wrong = []
    for name in WRITTEN:
        path = os.path.join(folder, name)
        want = read(path) if os.path.exists(path) else None
        have = got.get(name)
        Count.one()
        if (want is None) != (have is None):
            wrong.append('%s: %s' % (name, 'not written' if have is None else 'not expected'))
        elif want is not None and MASK.sub(b'SQLite', want) != MASK.sub(b'SQLite', have):
            wrong.append('%s differs:\n%s' % (name, first_lines(want, have)))
    text = text_of(folder, 'expect.json')
    known = json.loads(text) if text else {}
    cap = known.pop('peak_kb', None)
    Count.one()
    if known != expect:
        wrong.append('expect.json: wanted %s, got %s' % (json.dumps(known), json.dumps(expect)))
    if cap and peak > cap * (2 if snap.sanitized else 1):
        wrong.append('peak memory of the diff: %d KB of %d' % (peak, cap))
    return wrong


def first_lines(want, have):
    a, b = want.decode('utf8', 'replace').split('\n'), have.decode('utf8', 'replace').split('\n')
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return ''.join('  %s %s\n' % (sign, line[:200]) for sign, lines in (('-', a), ('+', b))
                   for line in lines[at:at + 3])


def accept(folder, got, expect):
    for name in WRITTEN:
        path = os.path.join(folder, name)
        if name in got:
            with open(path, 'wb') as f:
                f.write(got[name])
        elif os.path.exists(path):
            os.unlink(path)
    text = text_of(folder, 'expect.json')
    cap = json.loads(text).get('peak_kb') if text else None
    if cap:
        expect = dict(expect, peak_kb=cap)
    with open(os.path.join(folder, 'expect.json'), 'w', encoding='utf8') as f:
        json.dump(expect, f, indent=1, ensure_ascii=True)
        f.write('\n')


# Whether it works

def apply(db, script, case, foreign_keys, shell=True):
    """Runs a script by the shell, as its head says, or as a program would; '' or the error."""
    if case.get('functions') or case.get('collations') or not shell:
        con = connect(db, case)
        con.execute('PRAGMA foreign_keys = %d' % foreign_keys)
        try:
            con.executescript(read(script).decode('utf8').replace('.bail on\n', '', 1))
            return ''
        except sqlite3.Error as e:
            return str(e) or 'failed'
        finally:
            con.close()
    r = subprocess.run(['sqlite3', '-cmd', 'PRAGMA foreign_keys = %d' % foreign_keys, db],
                       stdin=open(script, 'rb'), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    error = r.stderr.decode('utf8', 'replace').strip()
    return error or 'exit %d' % r.returncode if r.returncode else ''


def failed_checks(db, folder, name, case):
    sql, wrong = text_of(folder, name), []
    con = connect(db, case)
    while sql.strip():
        end = next((i + 1 for i, c in enumerate(sql) if c == ';' and
                    sqlite3.complete_statement(sql[:i + 1])), len(sql))
        one, sql = sql[:end].strip(), sql[end:]
        try:
            Count.one()
            row = con.execute(one).fetchone() if re.sub(r'--[^\n]*', '', one).strip() else (1,)
        except sqlite3.Error as e:
            row = str(e)
        if row != (1,):
            wrong.append('%s: %s gives %s' % (name, one, row))
    con.close()
    return wrong


class Run:
    """plan.sql and back.sql on a copy of FROM, watched by the observer."""

    def __init__(self, snap, tmp, folder, case, foreign_keys):
        self.snap, self.tmp, self.folder, self.case = snap, tmp, folder, case
        self.foreign_keys = foreign_keys
        self.db = os.path.join(tmp, 'work%d.db' % foreign_keys)
        self.ordered = 'order' in ' '.join(facets_of(case.get('options', [])))
        self.wrong = []

    def fail(self, text):
        self.wrong.append('foreign keys %s: %s' % (('off', 'on')[self.foreign_keys], text))

    def path(self, name):
        return os.path.join(self.tmp, name)

    def must_be(self, side, when):
        seen, want = observer.see(self.db), observer.see(self.path(side + '.db'))
        Count.checks += len(want) + 1
        odd = [k for k in set(seen) | set(want) if seen.get(k) != want.get(k)] \
            if self.ordered else observer.differences(seen, want)
        for key in odd:
            self.fail('%s it is not %s: %s: %s, wanted %s' %
                      (when, side.upper(), key, seen.get(key), want.get(key)))
        rc, out, err = self.snap.run(self.tmp, 'diff', self.db, side + '.db',
                                     *facets_of(self.case.get('options', [])))
        if rc:
            self.fail('%s diff exits %d: %s%s' % (when, rc, out.decode('utf8', 'replace'), err))

    def must_hold(self, before, when):
        after = observer.rows(self.db)
        for name in self.case.get('loses', ()):
            before.pop(name, None)
        gone = observer.lost(before, after)
        Count.one()
        if gone:
            self.fail('%s lost %s' % (when, gone))

    def run(self, script, stops):
        """Runs a script that may have to stop; False when it could not be run to its end."""
        Count.one()
        if not stops:
            error = apply(self.db, self.path(script), self.case, self.foreign_keys)
            if error:
                self.fail('%s: %s' % (script, error))
            return not error
        before = observer.see(self.db), observer.rows(self.db)
        for shell in (True, False):
            error = apply(self.db, self.path(script), self.case, self.foreign_keys, shell)
            if stops not in error:
                self.fail('%s should stop with "%s", but: %s' % (script, stops, error or 'no error'))
            if (observer.see(self.db), observer.rows(self.db)) != before:
                self.fail('%s stopped and has changed something' % script)
        return False

    def empty(self):
        os.unlink(self.db)
        build(self.db, self.case, text_of(self.folder, 'from.sql'))

    def forward(self):
        if self.case.get('stops'):
            self.run('plan.sql', self.case['stops'])
            self.empty()
        before = observer.rows(self.db)
        if not self.run('plan.sql', None):
            return False
        self.must_be('to', 'after plan.sql')
        self.must_hold(before, 'plan.sql')
        self.wrong += failed_checks(self.db, self.folder, 'check.sql', self.case)
        return True

    def back(self):
        if self.case.get('impossible'):
            self.run('back.sql', self.case['impossible'])
            return
        if self.case.get('back_stops'):
            self.run('back.sql', self.case['back_stops'])
            self.empty()
            if not self.run('plan.sql', None):
                return
        before = observer.rows(self.db)
        if self.run('back.sql', None):
            self.must_be('from', 'after back.sql')
            self.must_hold(before, 'back.sql')
            self.wrong += failed_checks(self.db, self.folder, 'check_back.sql', self.case)


def try_scripts(snap, tmp, folder, case):
    wrong = []
    for foreign_keys in (0, 1):
        r = Run(snap, tmp, folder, case, foreign_keys)
        shutil.copy(r.path('from.db'), r.db)
        if r.forward():
            r.back()
        wrong += r.wrong
    return wrong


# All cases together

class Shown:
    """Attributes that some case changes, alters that it uses and hazards that it shows."""

    def __init__(self, snap, root):
        self.engines, self.snap, self.root = set(), snap, root
        self.attributes, self.hazards, self.alters = set(), set(), set()

    def note(self, engine, tmp, case, got):
        self.engines.add(engine)
        _, out, _ = self.snap.run(tmp, 'diff', 'from.db', 'to.db', '-f', 'json',
                                  *case.get('options', []))
        for change in json.loads(out)['changes'] if out else ():
            for a in change.get('attributes', ()):
                self.attributes.add('%s.%s' % (change['kind'], a['name']))
        for name in ('plan.sql', 'back.sql'):
            text = got.get(name, b'').decode('utf8')
            self.hazards |= set(re.findall(r'^-- ! ([A-Z_]+): ', text, re.M))
            self.alters |= {a for a in ALTERS if re.search(ALTERS[a], text, re.M)}

    def missing(self):
        for engine in sorted(self.engines):
            _, out, _ = self.snap.run(self.root, 'features', engine)
            kind, alters = '', set()
            for line in out.decode('utf8').split('\n'):
                m = re.match(r'(\w+): ', line) or re.match(r'  (\w+) +\w+  ', line)
                if m and not line.startswith(' '):
                    kind = m.group(1)
                elif m and '%s.%s' % (kind, m.group(1)) not in self.attributes | ROWS:
                    yield '%s: no case changes %s.%s' % (engine, kind, m.group(1))
                elif re.match(r' +(create:|drop:|rename:|change:|else )', line):
                    alters |= set(re.findall(r'\w+\.\w+', line))
            for name in sorted(alters - self.alters - ROWS):
                yield '%s: no case uses %s' % (engine, name)
            Count.checks += len(alters) + len(self.attributes)
        _, out, _ = self.snap.run(self.root, 'help', 'hazards')
        codes = re.findall(r'^\| `(\w+)`', out.decode('utf8'), re.M)
        if not self.attributes or not codes:
            yield 'snap names no attributes or no hazards'
        for code in sorted(set(codes) - self.hazards - ELSEWHERE):
            yield 'no case shows the hazard ' + code
        for code in sorted(ELSEWHERE - (set(codes) - self.hazards)):
            yield 'ELSEWHERE names %s: a case shows it, or there is no such hazard' % code
        Count.checks += len(codes) + len(ELSEWHERE)


def run_case(snap, folder, engine, shown, accepting):
    case = load_case(folder)
    observer.sqlite3 = Application(case)
    tmp = tempfile.mkdtemp(prefix='snap-golden-')
    try:
        build(os.path.join(tmp, 'from.db'), case, text_of(folder, 'from.sql'),
              text_of(folder, 'rows.sql'))
        build(os.path.join(tmp, 'to.db'), case, text_of(folder, 'to.sql'))
        got, expect, peak = run_snap(snap, tmp, case)
        shown.note(engine, tmp, case, got)
        if accepting:
            accept(folder, got, expect)
        wrong = compare(folder, got, expect, peak, snap)
        if 'plan.sql' in got:
            wrong += try_scripts(snap, tmp, folder, case)
        return wrong
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def main():
    args = [a for a in sys.argv[1:] if a != '--accept']
    only = args.pop(args.index('--only') + 1) if '--only' in args else None
    args = [a for a in args if a != '--only']
    if len(args) != 2:
        sys.exit(__doc__)
    snap, root = Snap(args[0]), os.path.abspath(args[1])
    shown = Shown(snap, root)
    cases = failed = 0
    for engine in ['sqlite']:  # those that need a server: tests/live
        for name in sorted(os.listdir(os.path.join(root, engine))):
            folder = os.path.join(root, engine, name)
            if not os.path.exists(os.path.join(folder, 'from.sql')) or (only and only not in name):
                continue
            try:
                wrong = run_case(snap, folder, engine, shown, '--accept' in sys.argv)
            except (ValueError, OSError, sqlite3.Error) as e:
                wrong = ['%s: %s' % (type(e).__name__, e)]
            cases += 1
            failed += bool(wrong)
            for text in wrong:
                print('%s/%s: %s' % (engine, name, text))
    if not only:
        for text in shown.missing():
            failed += 1
            print(text)
    print('golden: %d cases, %d checks, %d failed' % (cases, Count.checks, failed))
    return 1 if failed or not cases else 0


if __name__ == '__main__':
    sys.exit(main())
