#!/usr/bin/env python3
"""Many databases on one machine: snap drift --targets over databases in 7 planted shapes finds 7 groups and the
right odd ones, in little memory; killed at any moment and resumed it writes the same report, byte for byte;
workers that die, shards, locks, secrets; snap diff --matrix.
usage: many.py SNAP [--engine sqlite,postgresql] [--sqlite N] [--schemas N] [--kills N] [--server URL]"""
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from moments import catches, ended, until

MOST_MEMORY = 100 << 20
FAILED = CHECKS = 0


def check(ok, text):
    global FAILED, CHECKS
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text, flush=True)
    return ok


def option(name, default):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


ENV = {k: v for k, v in os.environ.items() if not k.startswith('SNAP_') or k.startswith('SNAP_TEST_')}
# what a sanitized worker reports at its end is looked for; this one is not about that
ENV['ASAN_OPTIONS'] = 'detect_leaks=0'


def snap(*args, cwd, text=None):
    done = subprocess.run([SNAP, *args], cwd=cwd, env=ENV, capture_output=True, text=True, input=text, timeout=600)
    return done.returncode, done.stdout, done.stderr


BASE = ['CREATE TABLE {s}users (id integer PRIMARY KEY, mail text NOT NULL, name text DEFAULT \'x\')',
        'CREATE TABLE {s}orders (id integer PRIMARY KEY, uid integer REFERENCES {s}users(id), total integer CHECK (total > 0))',
        'CREATE TABLE {s}items (oid integer, pos integer, note text, PRIMARY KEY (oid, pos))',
        'CREATE INDEX orders_uid ON {s}orders (uid)',
        'CREATE UNIQUE INDEX users_mail ON {s}users (mail)',
        'CREATE VIEW {s}totals AS SELECT u.name, o.total FROM {s}users u JOIN {s}orders o ON o.uid = u.id']
# shape: what is done after BASE; the shape it is nearest to; changes from there
SHAPES = [([], None, 0),
          (['ALTER TABLE {s}users ADD COLUMN phone text'], 0, 1),
          (['DROP INDEX {s}orders_uid'], 0, 1),
          (['ALTER TABLE {s}users ADD COLUMN phone text', 'CREATE TABLE {s}tmp_fix (a integer)'], 1, 1),
          (['DROP VIEW {s}totals', 'DROP INDEX {s}orders_uid'], 2, 1),
          (['CREATE INDEX hotfix ON {s}items (note)', 'CREATE INDEX hotfix2 ON {s}orders (total)'], 0, 2),
          (['ALTER TABLE {s}items ADD COLUMN at text', 'CREATE INDEX hotfix ON {s}items (note)',
            'CREATE INDEX hotfix2 ON {s}orders (total)'], 5, 1)]
SIZES = [0, 9, 6, 4, 3, 2, 1]


def plan(n, seed=8):
    """The shape of each of n databases; the odd ones stand at random places."""
    shapes = [k for k in range(1, 7) for _ in range(SIZES[k])]
    shapes += [0] * (n - len(shapes))
    random.Random(seed).shuffle(shapes)
    return shapes


class Memory(threading.Thread):
    """The most memory that a process and its children hold together (PSS, so that shared pages count once)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.workers, self.stop = pid, 0, 0, False

    def children(self):
        with open('/proc/%d/task/%d/children' % (self.pid, self.pid)) as f:
            return [int(p) for p in f.read().split()]

    @staticmethod
    def pss(pid):
        try:
            with open('/proc/%d/smaps_rollup' % pid) as f:
                return int(re.search(r'^Pss:\s+(\d+)', f.read(), re.M).group(1)) << 10
        except (OSError, AttributeError):
            return 0

    def run(self):
        while not self.stop:
            try:
                children = self.children()
            except OSError:
                return
            self.workers = max(self.workers, len(children))
            self.most = max(self.most, sum(self.pss(p) for p in [self.pid] + children))
            time.sleep(0.01)


def measured(args, cwd):
    start = time.time()
    p = subprocess.Popen([SNAP, *args], cwd=cwd, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    memory = Memory(p.pid)
    memory.start()
    out, err = p.communicate()
    memory.stop = True
    memory.join()
    return p.returncode, out, err, memory, time.time() - start


def expect_groups(report, names, shapes, label):
    """Exactly the planted groups, the largest first, and each odd one beside the right neighbour."""
    groups = report['groups']
    want = {}
    for name, shape in zip(names, shapes):
        want.setdefault(shape, []).append(name)
    got = [sorted(m['name'] for m in g['members']) for g in groups]
    order = sorted(want, key=lambda k: (-len(want[k]), min(want[k])))
    check(got == [sorted(want[k]) for k in order], '%s: %d groups: %s' % (label, len(got), got[1:]))
    letter = {k: groups[i]['group'] for i, k in enumerate(order)} if len(groups) == len(order) else {}
    for i, k in enumerate(order[:len(groups)]):
        near = groups[i].get('nearest')
        if not i:
            check(near is None, '%s: the largest group is nearest to nothing' % label)
            continue
        _, to, n = SHAPES[k]
        check(near and (near['group'], near['changes']) == (letter.get(to), n),
              '%s: shape %d is nearest to %s' % (label, k, near and (near['group'], near['changes'])))
        check(near and len(near['diff']['changes']) >= n, '%s: shape %d: its changes' % (label, k))


def recorded(cwd):
    """How many targets the journal of a run holds."""
    folder = os.path.join(cwd, '.snap')
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        with open(os.path.join(folder, name), 'rb') as f:
            return f.read().count(b'\n') - 1
    return 0


def resumed(cwd, args, want, targets, kills, seconds, label):
    """kill -9 at random moments, then --resume: the same report; what was done is not done again. Every third is
    killed when it has done so many targets, whatever the time that takes: of these at least something is kept."""
    out, less = os.path.join(cwd, 'killed.txt'), 0
    rng = random.Random(kills)
    for k in range(kills):
        for f in (out,):
            if os.path.exists(f):
                os.remove(f)
        for _ in range(1 + k % 3):  # killed more than once
            p = subprocess.Popen([SNAP, *args, '-o', out, '--resume'], cwd=cwd, env=ENV, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            if k % 3 == 0:
                enough = rng.randint(1, targets // 2)
                until(lambda: recorded(cwd) >= enough or p.poll() is not None, 600, 0.002)
            else:
                time.sleep(rng.uniform(0.2, 0.8) * seconds)
            if p.poll() is not None:  # done already: the machine has become faster
                seconds /= 2
            p.kill()
            p.wait()
        done = subprocess.run([SNAP, *args, '-o', out, '--resume', '-v'], cwd=cwd, env=ENV, capture_output=True, text=True)
        said = re.search(r'(\d+) targets, (\d+) to check', done.stderr)
        less += bool(said) and said.group(1) != said.group(2)
        if not check(done.returncode == 1, '%s: resumed: status %d %s' % (label, done.returncode, done.stderr[-300:])):
            continue
        with open(out, 'rb') as f:
            check(f.read() == want, '%s: kill %d: the report of a resumed run is another' % (label, k))
        check(not os.path.exists(os.path.join(cwd, '.snap')), '%s: the journal stays' % label)
    check(less >= kills / 3, '%s: %d of %d resumed runs had less to do' % (label, less, kills))


def judge(cwd, targets, names, shapes, kills, jobs, label, extra=()):
    args = ['drift', '--targets', targets, '-j', str(jobs), *extra]
    code, out, err, memory, seconds = measured(args + ['-f', 'json'], cwd)
    check(code == 1, '%s: status %d %s' % (label, code, err[-300:]))
    report = json.loads(out)
    expect_groups(report, names, shapes, label)
    check(report['failed'] == [] and report['targets'] == len(names), '%s: all are checked' % label)
    check(SANITIZED or 0 < memory.most < MOST_MEMORY, '%s: %d MiB' % (label, memory.most >> 20))
    check(1 < memory.workers <= jobs, '%s: %d workers' % (label, memory.workers))
    code, text, _ = snap(*args, cwd=cwd)
    check(code == 1 and text.count('is nearest to') == 6, '%s: the text shows each odd group once' % label)
    code, again, _ = snap('drift', '--targets', targets, '-j', '1', *extra, cwd=cwd)
    check(again == text, '%s: one worker writes another report than %d' % (label, jobs))
    with open(os.path.join(cwd, 'want.txt'), 'wb') as f:
        f.write(text.encode())
    resumed(cwd, args, text.encode(), len(names), kills, seconds, label)
    print('%s: %d targets, %d groups, %.1f s, %d workers, %.1f MiB (sum of PSS), %d kills' %
          (label, len(names), len(report['groups']), seconds, memory.workers, memory.most / 1048576, kills))


def make_sqlite(cwd, n):
    shapes, names = plan(n), ['t%04d.db' % i for i in range(n)]
    os.mkdir(os.path.join(cwd, 'db'))
    for shape in range(7):
        path = os.path.join(cwd, 'shape%d' % shape)
        db = sqlite3.connect(path)
        for line in BASE + SHAPES[shape][0]:
            db.execute(line.format(s=''))
        db.close()
    for i, (name, shape) in enumerate(zip(names, shapes)):
        path = os.path.join(cwd, 'db', name)
        shutil.copy(os.path.join(cwd, 'shape%d' % shape), path)
        if i % 10 == 0:  # rows are no difference
            db = sqlite3.connect(path)
            db.execute('INSERT INTO users (mail) VALUES (?)', (name,))
            db.commit()
            db.close()
    with open(os.path.join(cwd, 'list'), 'w') as f:
        f.write('# all of them\n\ndb/t*.db\n')
    return ['db/' + name for name in names], shapes


def write(cwd, name, text, mode=0o600):
    path = os.path.join(cwd, name)
    with open(path, 'w') as f:
        f.write(text)
    os.chmod(path, mode)
    return name


def shards(cwd, names):
    """Each target is in one part, and stays there when others come."""
    part = {}
    for i in range(3):
        _, out, _ = snap('drift', '--targets', 'list', '--shard', '%d/3' % i, '-f', 'json', '-o', '-', cwd=cwd)
        members = [m['name'] for g in json.loads(out or '{"groups":[]}')['groups'] for m in g['members']]
        check(len(members) > len(names) / 6, 'shard %d has %d' % (i, len(members)))
        for name in members:
            check(name not in part, 'shards: %s is in two' % name)
            part[name] = i
    check(sorted(part) == sorted(names), 'shards: %d of %d' % (len(part), len(names)))
    write(cwd, 'half', ''.join(n + '\n' for n in names[::2]))
    _, out, _ = snap('drift', '--targets', 'half', '--shard', '1/3', '-f', 'json', '-o', 'x.json', cwd=cwd)
    with open(os.path.join(cwd, 'x.json')) as f:
        members = [m['name'] for g in json.load(f)['groups'] for m in g['members']]
    check(sorted(members) == sorted(n for n in names[::2] if part[n] == 1), 'shards: fewer targets move others')


def signals(cwd):
    """Ended by a signal: the workers end too, nothing is written, and the status says so."""
    for number, want in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        p = subprocess.Popen([SNAP, 'drift', '--targets', 'list', '-j', '3', '-o', 'never.txt'], cwd=cwd, env=ENV,
                             stderr=subprocess.PIPE, text=True)
        children = until(lambda: p.poll() is not None or Memory(p.pid).children(), pause=0)
        check(isinstance(children, list), 'signal %d: no worker was seen' % number)
        p.send_signal(number)
        _, err = p.communicate()
        check(p.returncode == want, 'signal %d: status %d %s' % (number, p.returncode, err))
        check(not os.path.exists(os.path.join(cwd, 'never.txt')), 'signal %d: a report is there' % number)
        left = ended(children if isinstance(children, list) else [])
        check(not left, 'signal %d: workers are left: %s' % (number, left))
        shutil.rmtree(os.path.join(cwd, '.snap'), ignore_errors=True)
    # a worker that is killed is one failed target, and the others are told
    os.mkfifo(os.path.join(cwd, 'fifo.sql'))
    write(cwd, 'withfifo', 'db/t000*.db\nslow=sqlite:fifo.sql\n')
    p = subprocess.Popen([SNAP, 'drift', '--targets', 'withfifo', '-j', '2', '-f', 'json'], cwd=cwd, env=ENV,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # the one that opens the FIFO waits for a writer, for ever; killed when the others are done
    until(lambda: recorded(cwd) >= 10 or p.poll() is not None)
    for child in Memory(p.pid).children() if p.poll() is None else ():
        os.kill(child, signal.SIGKILL)
    out, err = p.communicate()
    report = json.loads(out)
    check(p.returncode == 6 and [f['name'] for f in report['failed']] == ['slow'], 'a dead worker: %d %s' % (p.returncode, err))
    check('signal 9' in out, 'a dead worker: why')
    check(sum(len(g['members']) for g in report['groups']) == 10, 'a dead worker: the others')


def wrong(cwd):
    cases = [('two=db/t0000.db\ntwo=db/t0001.db\n', 2, 'lines 1 and 2: both name two'),
             ('# nothing\n', 2, 'names no target'),
             ('db/none*.db\n', 5, 'no file fits'),
             ('a=-\n', 2, 'standard input is no target'),
             ('a=\n', 2, 'a source is missing'),
             ('db/t0000.db map-schema=a=b\n', 6, 'SQLite has no schemas')]
    for text, want, words in cases:
        write(cwd, 'bad', text)
        code, _, err = snap('drift', '--targets', 'bad', cwd=cwd)
        check(code == want and words in err, '%r: %d %s' % (text, code, err))
    write(cwd, 'secret', 'p=postgresql://u:hunter2@127.0.0.1:1/x\n', 0o644)
    code, out, err = snap('drift', '--targets', 'secret', cwd=cwd)
    check(code == 2 and 'CONFIG_SECRET' in err and 'hunter2' not in out + err, 'a password that others may read: %s' % err)
    os.chmod(os.path.join(cwd, 'secret'), 0o600)
    code, out, err = snap('drift', '--targets', 'secret', cwd=cwd)
    check(code == 6 and 'hunter2' not in out + err, 'a password in a report: %s' % (out + err))
    for args, words in ((['--shard', '3/3'], '--shard takes I/N'), (['-j', '0'], '--jobs takes'),
                        (['-f', 'sarif'], 'formats: text'), (['--update-baseline'], 'takes no --update-baseline'),
                        (['--resolve', 'out'], 'takes no --resolve'), (['db/t0000.db'], 'takes no other')):
        code, _, err = snap('drift', '--targets', 'list', *args, cwd=cwd)
        check(code == 2 and words in err, '%s: %d %s' % (args, code, err))
    code, _, err = snap('drift', 'db/t0000.db', '--shard', '0/2', cwd=cwd)
    check(code == 2 and '--shard goes with --targets' in err, 'a part of nothing: %d %s' % (code, err))
    code, out, err = snap('drift', '--targets', '-', cwd=cwd, text='db/t0000.db\nb=db/nothing.db  # gone\n')
    check(code == 6 and 'b: NO_SUCH_FILE' in out and '1 of 2 targets' in err, 'partial failure: %d %s' % (code, out + err))


def baselines(cwd, names, shapes):
    """Against a baseline: what drifts is told for each group; equal ones are silent."""
    snap('snapshot', 'shape0', '-o', 'base.json', cwd=cwd)
    same = [n for n, s in zip(names, shapes) if s == 0][:12]
    odd = [n for n, s in zip(names, shapes) if s == 1][:2]
    write(cwd, 'same', ''.join(n + '\n' for n in same))
    code, out, err = snap('drift', '--targets', 'same', '--baseline', 'base.json', cwd=cwd)
    check((code, out, err) == (0, '', ''), 'equal to the baseline: %d %s %s' % (code, out, err))
    write(cwd, 'some', ''.join('%s=%s\n' % (n.split('/')[1], n) for n in same + odd))
    code, out, _ = snap('drift', '--targets', 'some', '--baseline', 'base.json', cwd=cwd)
    check(code == 1 and 'drift in 2' in out, 'drift from the baseline: %d %s' % (code, out))
    # each its own: two shapes, and nothing has moved
    snap('snapshot', 'shape1', '-o', 'base1.json', cwd=cwd)
    write(cwd, 'own', ''.join(n + ' baseline=base.json\n' for n in same) + ''.join(n + ' baseline=base1.json\n' for n in odd))
    code, out, err = snap('drift', '--targets', 'own', cwd=cwd)
    check((code, out) == (0, ''), 'each its own baseline: %d %s %s' % (code, out, err))
    code, out, err = snap('drift', '--targets', 'own', '--history', 'h.db', '--lock-wait', '60s', '-j', '4', cwd=cwd)
    check((code, out) == (0, ''), 'with a history: %d %s %s' % (code, out, err))
    code, out, err = snap('log', '--history', 'h.db', cwd=cwd)
    check(code == 0 and all(n in out for n in same + odd), 'each is in the history: %d %s' % (code, out + err))


def told(cwd):
    """People are told of what a baseline says otherwise: without one that is said, and metrics are written all the same."""
    plain, odd = 'db/t0000.db', 'odd.db'
    shutil.copy(os.path.join(cwd, 'shape1'), os.path.join(cwd, odd))
    shutil.copy(os.path.join(cwd, 'shape0'), os.path.join(cwd, 'plain.db'))
    note = write(cwd, 'note', '#!/bin/sh\necho "$SNAP_ENV" >> told\ncat > /dev/null\nexit $RC\n', 0o700)
    note = os.path.join(cwd, note)

    def heard():
        path = os.path.join(cwd, 'told')
        names = open(path).read().split() if os.path.exists(path) else []
        if names:
            os.unlink(path)
        return sorted(names)
    write(cwd, 'none', 'a=%s\nb=%s\n' % (plain, odd))
    code, out, err = snap('drift', '--targets', 'none', '--notify', note, '--metrics', 'x.prom', cwd=cwd)
    check(code == 2 and not out and '--notify tells of nothing' in err and 'baseline=' in err, 'nobody to tell: %d %s' % (code, err))
    check(not os.path.exists(os.path.join(cwd, 'x.prom')), 'before anything is checked')
    write(cwd, 'none', 'a=%s\nb=%s\nc=gone.db\n' % (plain, odd))
    code, out, err = snap('drift', '--targets', 'none', '--metrics', 'x.prom', cwd=cwd)
    up = sorted(line for line in open(os.path.join(cwd, 'x.prom')) if line.startswith('snap_drift_up{'))
    check(code == 6 and up == ['snap_drift_up{env="%s"} %d\n' % x for x in (('a', 1), ('b', 1), ('c', 0))],
          'metrics without a baseline: %d %s %s' % (code, up, err))
    write(cwd, 'some', 'a=plain.db\nb=%s\nc=%s\nd=%s baseline=base.json\n' % (odd, odd, odd))
    code, out, err = snap('drift', '--targets', 'some', '--notify', note, cwd=cwd)
    check(code == 1 and err == 'snap: nobody is told of a and 2 more: they have no baseline to differ from\n' and heard() == ['d'],
          'some are told of: %d %s' % (code, err))
    ENV['RC'] = '1'
    write(cwd, 'both', 'd=%s baseline=base.json\ne=%s baseline=base1.json\n' % (odd, odd))
    code, out, err = snap('drift', '--targets', 'both', '--notify', note, '-f', 'json', cwd=cwd)
    members = {m['name']: m for g in json.loads(out)['groups'] for m in g['members']}
    check(code == 6 and 'NOTIFY_FAILED: 1 of 2 targets could not be told of; the first: d: ' in err and heard() == ['d'], 'late: %s' % err)
    check(members['d']['fails'] and members['d']['error']['code'] == 'NOTIFY_FAILED' and not members['e']['fails'], 'late: %s' % out)
    for args in ([], ['-f', 'markdown']):
        code, out, err = snap('drift', '--targets', 'both', '--notify', note, *args, cwd=cwd)
        check(code == 6 and 'checked, and failed later' in out and 'd: NOTIFY_FAILED' in out and 'drift in 1' in out, 'late: %s' % out)
    code, out, err = snap('drift', '--targets', 'both', '--notify', note, '--resume', '-v', cwd=cwd)
    check(code == 6 and 'd: NOTIFY_FAILED' in out, 'who could not be told of is asked again: %d %s' % (code, out + err))
    del ENV['RC']
    heard()
    write(cwd, 'snap.yml', 'environments: { e: { url: "sqlite:%s" } }\ndrift: { e: { notify: [%s], history: none } }\n' % (odd, note))
    write(cwd, 'env', 'e\n')
    code, out, err = snap('drift', '--targets', 'env', cwd=cwd)
    check((code, out, err) == (0, '', 'snap: nobody is told of e: it has no baseline to differ from\n'), 'of snap.yml: %d %s' % (code, err))
    code, out, err = snap('drift', '--targets', 'env', '-q', cwd=cwd)
    check((code, out, err) == (0, '', ''), 'quiet: %d %s' % (code, err))
    code, out, err = snap('drift', '--targets', 'env', '--baseline', 'base.json', cwd=cwd)
    check(code == 1 and not err and heard() == ['e'], 'of snap.yml, with a baseline: %d %s' % (code, err))
    write(cwd, 'snap.yml', 'environments: { e: { url: "sqlite:%s" } }\ndrift: { e: { webhook: { url_env: NOWHERE }, history: none } }\n' % odd)
    code, out, err = snap('drift', '--targets', 'env', '--baseline', 'base.json', cwd=cwd)
    check(code == 2 and not out and 'CONFIG_SECRET: e: ' in err, 'a webhook without its URL: %d %s' % (code, err))
    os.unlink(os.path.join(cwd, 'snap.yml'))


def begun(cwd, args):
    """A run of which something stands in the journal, and the journal."""
    folder = os.path.join(cwd, '.snap')
    p = subprocess.Popen([SNAP, *args], cwd=cwd, env=ENV, stderr=subprocess.DEVNULL)
    journal, size = None, 0
    while size < 2000 and p.poll() is None:
        found = os.listdir(folder) if os.path.isdir(folder) else []
        journal = os.path.join(folder, found[0]) if found else None
        size = os.path.getsize(journal) if journal else 0
    return p, journal


def journals(cwd, want):
    """A journal with a torn end; one of other targets; one that another run holds."""
    out = os.path.join(cwd, 'torn.txt')
    p, journal = begun(cwd, ['drift', '--targets', 'list', '-j', '2', '-o', out])
    code, _, err = snap('drift', '--targets', 'list', '-o', 'other.txt', cwd=cwd)
    check(code == 7 and 'HISTORY_LOCKED' in err, 'two runs of the same targets: %d %s' % (code, err))
    p.kill()
    p.wait()
    with open(journal, 'r+b') as f:
        f.truncate(os.path.getsize(journal) - 7)
    kept = os.path.getsize(journal)
    code, _, err = snap('drift', '--targets', 'list', '-o', out, '--resume', '-v', cwd=cwd)
    said = re.search(r'(\d+) targets, (\d+) to check', err)
    check(kept > 1000 and said and int(said.group(2)) < int(said.group(1)), 'a torn journal is of use: %s' % err[:200])
    with open(out, 'rb') as f:
        check(f.read() == want, 'a torn journal: another report')
    snap('snapshot', 'shape0', '-o', 'old.json', cwd=cwd)
    for again, fewer in ((False, True), (True, False)):
        args = ['drift', '--targets', 'list', '--baseline', 'old.json', '-o', out]
        p, journal = begun(cwd, args + ['-j', '2'])
        p.kill()
        p.wait()
        if again:
            os.utime(os.path.join(cwd, 'old.json'), (1000000000, 1000000000))
        code, _, err = snap(*args, '--resume', '-v', cwd=cwd)
        said = re.search(r'(\d+) targets, (\d+) to check', err)
        check(said and (said.group(1) != said.group(2)) == fewer, 'a baseline that is written anew, %s: %s' % (again, err[:200]))
        shutil.rmtree(os.path.join(cwd, '.snap'), ignore_errors=True)


def matrix(cwd):
    for name, shape in (('dev', 1), ('test', 1), ('prod', 0)):
        shutil.copy(os.path.join(cwd, 'shape%d' % shape), os.path.join(cwd, name))
    code, out, _ = snap('diff', '--matrix', 'dev', 'test', 'prod', cwd=cwd)
    rows = [line.split() for line in out.splitlines()]
    check(code == 1 and ['dev', '.', '=', '1'] in rows and ['prod', '1', '1', '.'] in rows, 'the grid: %d\n%s' % (code, out))
    check([r[1:3] for r in rows[:3]] == [['A', 'dev'], ['A', 'test'], ['B', 'prod']], 'the groups: %s' % rows[:3])
    code, out, _ = snap('diff', '--matrix', 'dev', 'test', cwd=cwd)
    check(code == 0 and 'all the same' in out, 'equal: %d %s' % (code, out))
    code, out, _ = snap('diff', '--matrix', 'dev', 'prod', '--fail-on', 'never', cwd=cwd)
    check(code == 0 and 'in 2 groups' in out, 'never fails: %d' % code)
    code, out, err = snap('diff', '--matrix', 'dev', 'gone.db', 'prod', '-f', 'json', cwd=cwd)
    report = json.loads(out)
    check(code == 5 and report['changes'] == [[0, None, 1], [None, None, None], [1, None, 0]] and report['same'] is None,
          'one that is not there: %d %s' % (code, out))
    code, out, err = snap('diff', '--matrix', 'shape1', 'shape0', 'db', cwd=cwd)
    check(code in (3, 5, 2) and '?' in out, 'one that is no database: %d %s %s' % (code, out, err))
    names = sorted(os.path.join('db', f) for f in os.listdir(os.path.join(cwd, 'db')))[:60]
    code, out, _ = snap('diff', '--matrix', *names, cwd=cwd)
    check(code == 1 and 'group A: ' in out and max(map(len, [l for l in out.splitlines() if l[:6] != 'group '])) <= 100,
          'many: groups in place of a grid: %d' % code)
    code, out, _ = snap('diff', '--matrix', *names[:20], cwd=cwd)
    check(max(map(len, out.splitlines())) <= 100, 'a grid of numbers')
    code, out, _ = snap('diff', '--matrix', 'dev', 'test', 'prod', '-f', 'markdown', cwd=cwd)
    check('| dev | A | . | = | 1 |' in out, 'markdown: %s' % out)
    # a snapshot with a scope is compared in that scope
    snap('snapshot', 'prod', '--include', 'table:orders', '-o', 'part.json', cwd=cwd)
    code, out, _ = snap('diff', '--matrix', 'prod', 'dev', 'part.json', '-f', 'json', cwd=cwd)
    check(code == 1 and json.loads(out)['changes'] == [[0, 1, 0], [1, 0, 0], [0, 0, 0]], 'a scope: %s' % out)
    for args, words in ((['dev'], 'an argument is missing'), (['dev', '-'], 'more than once'),
                        (['dev', 'prod', '--include', 'table:nothing'], 'fits nothing')):
        code, _, err = snap('diff', '--matrix', *args, cwd=cwd)
        check(code in (2, 3) and words in err, '%s: %d %s' % (args, code, err))


def sqlite_part(cwd):
    names, shapes = make_sqlite(cwd, int(option('--sqlite', 200)))
    judge(cwd, 'list', names, shapes, int(option('--kills', 3)), 4, 'sqlite')
    with open(os.path.join(cwd, 'want.txt'), 'rb') as f:
        want = f.read()
    journals(cwd, want)
    shards(cwd, names)
    signals(cwd)
    wrong(cwd)
    baselines(cwd, names, shapes)
    told(cwd)
    matrix(cwd)


def psql(url, text):
    subprocess.run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', url], input=text, text=True, check=True, capture_output=True)


def postgresql_part(cwd):
    """One schema a tenant, in one database: read under one name, so that only what is in them counts."""
    url = option('--server', os.environ.get('SNAP_TEST_POSTGRESQL_URL'))
    if not check(url, 'SNAP_TEST_POSTGRESQL_URL is not set'):
        return
    n = int(option('--schemas', 40))
    shapes, name = plan(n), 'many_%d' % os.getpid()
    psql(url + '/postgres', 'CREATE DATABASE ' + name)
    try:
        for i, shape in enumerate(shapes):
            lines = BASE + ["CREATE FUNCTION {s}twice(a {s}users) RETURNS text LANGUAGE sql SET search_path = '{n}' AS "
                            "E'select name\n from\n{s}users'"] + SHAPES[shape][0]
            # an index has no schema of its own where it is made
            psql(url + '/' + name, 'CREATE SCHEMA a%d;\n' % i + ';\n'.join(
                line.format(s='a%d.' % i, n='a%d' % i) for line in lines))
        names = ['a%d' % i for i in range(n)]
        write(cwd, 'schemas', ''.join('%s=%s/%s schemas=%s map-schema=%s=tenant\n' % (a, url, name, a, a) for a in names))
        judge(cwd, 'schemas', names, shapes, int(option('--kills', 1)), 4, 'postgresql')
        base = names[shapes.index(0)]
        snap('snapshot', url + '/' + name, '--schemas', base, '--map-schema', '%s=tenant' % base, '-o', 'tenant.json', cwd=cwd)
        code, out, err = snap('drift', '--targets', 'schemas', '--baseline', 'tenant.json', '-f', 'json', cwd=cwd)
        fails = sorted(m['name'] for g in json.loads(out)['groups'] for m in g['members'] if m['fails'])
        check(code == 1 and fails == sorted(a for a, s in zip(names, shapes) if s), 'against a tenant: %d %s' % (code, fails))
        psql(url + '/' + name, 'CREATE SCHEMA tenant')
        code, out, err = snap('snapshot', url + '/' + name, '--map-schema', 'a0=tenant', cwd=cwd)
        check(code == 2 and 'has a schema tenant already' in err, 'a name that is taken: %d %s' % (code, err))
    finally:
        psql(url + '/postgres', 'DROP DATABASE %s WITH (FORCE)' % name)


def main():
    engines = option('--engine', 'sqlite').split(',')
    for engine, part in (('sqlite', sqlite_part), ('postgresql', postgresql_part)):
        if engine not in engines:
            continue
        cwd = tempfile.mkdtemp(prefix='snap_many_')
        try:
            part(cwd)
        finally:
            shutil.rmtree(cwd)
    print('many: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED or not CHECKS else 0)


if __name__ == '__main__':
    SNAP = os.path.abspath(sys.argv[1])
    SANITIZED = b'__asan_init' in open(SNAP, 'rb').read()
    main()
