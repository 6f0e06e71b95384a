#!/usr/bin/env python3
"""The history, on a file and in a PostgreSQL database: what went in comes out to the byte, whatever
happens while it is written.

usage: history.py TOOL SNAP [--postgresql] [--full] [--only WORD]

TOOL is tests/tools/history, built. --postgresql: on the server of SNAP_TEST_POSTGRESQL_URL. Each case
is run on a fresh history; --full kills, damages and starves it more often.
"""
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

FULL = '--full' in sys.argv
SERVER = '--postgresql' in sys.argv
ONLY = sys.argv[sys.argv.index('--only') + 1] if '--only' in sys.argv else ''
TOOL, SNAP = sys.argv[1], sys.argv[2]
URL = os.environ.get('SNAP_TEST_POSTGRESQL_URL', '')
CASES = []
NAMES = ['a b', 'a"b', "a'b", 'a\nb', 'a\\b', 'a/b', 'a~b', 'a:b', 'a.b', '${a}', ']]>', '--x', ' ', 'é',
         '\U0001f600', '\x1b[31m', '\u202ea', "x'; DROP TABLE env; --", '%', '_', '\x7f', 'x' * 3000]


def case(*where):
    def note(function):
        CASES.append((function, where))
        return function
    return note


class Box:
    checks = 0
    wrong = []

    def __init__(self, name):
        self.name = name
        self.top = tempfile.mkdtemp(prefix='snap-history-')
        os.chmod(self.top, 0o755)
        self.made = []
        self.place = self.fresh('h')

    def fresh(self, name):
        if not SERVER:
            return os.path.join(self.top, name, 'history.db')
        base = 'snap_history_%d_%d' % (os.getpid(), len(self.made))
        self.psql('CREATE DATABASE ' + base, 'postgres')
        self.made.append(base)
        return URL.rstrip('/') + '/' + base

    def psql(self, sql, base):
        done = subprocess.run(['psql', '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql, URL.rstrip('/') + '/' + base],
                              capture_output=True, text=True)
        if done.returncode:
            raise SystemExit('psql: ' + done.stderr)
        return done.stdout

    def close(self):
        for base in self.made:
            self.psql('DROP DATABASE %s WITH (FORCE)' % base, 'postgres')
        subprocess.run(['chmod', '-R', 'u+rwx', self.top])
        shutil.rmtree(self.top)

    def check(self, what, right, more=''):
        Box.checks += 1
        if not right:
            Box.wrong.append('%s: %s %s' % (self.name, what, more))

    def file(self, name):
        return os.path.join(self.top, name)

    def run(self, *args, status=0, says='', tool=TOOL, **more):
        done = subprocess.run([tool] + [str(a) for a in args], capture_output=True, **more)
        text = done.stderr.decode('utf-8', 'replace')
        self.check(' '.join(str(a)[:60] for a in args), done.returncode == status and says in text,
                   'exit %d, wanted %d %s: %s' % (done.returncode, status, says, text[-1500:]))
        return done.stdout

    def snapshot(self, name, statements):
        """The snapshot of a schema that these statements make."""
        at, out = self.file(name + '.schema'), self.file(name + '.json')
        db = sqlite3.connect(at)
        db.execute('BEGIN')
        for one in statements:
            db.execute(one)
        db.commit()
        db.close()
        done = subprocess.run([SNAP, 'snapshot', at, '-o', out], capture_output=True, text=True)
        self.check('snapshot ' + name, done.returncode == 0, done.stderr)
        os.remove(at)
        return out

    def same(self, place, env, when, path):
        with open(path, 'rb') as f:
            self.check('%s@%s is what was recorded' % (env, when), self.run('show', place, env, when) == f.read())


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def schema(tables, seed=0):
    rng = random.Random(seed)
    for i in range(tables):
        if seed and rng.random() < 0.1:
            continue
        kind = rng.choice(['int', 'text', 'numeric(10,2)']) if seed else 'int'
        yield 'CREATE TABLE t%d (id integer primary key, a int not null default 0, b %s, c text)' % (i, kind)
        yield 'CREATE INDEX t%d_a ON t%d (a)' % (i, i)


def night(i):
    return '2026-%02d-%02dT02:00:00Z' % (1 + i // 28, 1 + i % 28)


@case('file', 'postgresql')
def rounds(box):
    """States come back to the byte; the same again is one state more seldom; keep cuts."""
    files = [box.snapshot('s%d' % i, schema(12, i)) for i in range(8)]
    for i, path in enumerate(files):
        box.run('record', box.place, 'prod', night(2 * i), path)
        box.run('record', box.place, 'prod', night(2 * i + 1), path)
        box.run('record', box.place, 'other', night(i), files[-1 - i])
    for i, path in enumerate(files):
        box.same(box.place, 'prod', night(2 * i), path)
        box.same(box.place, 'prod', night(2 * i + 1)[:10], path)
        box.same(box.place, 'other', night(i)[:13], files[-1 - i])
    states = box.run('states', box.place, 'prod').decode().splitlines()
    box.check('eight states of two runs', len(states) == 8 and all(' 2 ' in s for s in states), states)
    box.run('check', box.place)
    box.run('keep', box.place, 3, 0, night(20))
    box.run('check', box.place)
    for i in range(5, 8):
        box.same(box.place, 'prod', night(2 * i), files[i])
    box.run('show', box.place, 'prod', night(9), status=5, says='HISTORY_NONE')
    log = box.run('log', box.place, 'prod').decode().splitlines()
    box.check('the oldest kept begins everything', any(line.startswith('6 + ') for line in log)
              and not any(line.split()[0] < '6' for line in log), log[-3:])
    box.run('record', box.place, 'prod', night(30), files[0])
    box.same(box.place, 'prod', night(30), files[0])
    box.run('check', box.place)
    box.run('keep', box.place, 0, 9, night(30))
    box.run('check', box.place)
    box.same(box.place, 'prod', night(30), files[0])
    box.run('show', box.place, 'none', night(1), status=5, says='HISTORY_NONE')


@case('file', 'postgresql')
def times(box):
    path = box.snapshot('s', schema(2))
    box.run('record', box.place, 'prod', night(5), path)
    box.run('record', box.place, 'prod', night(5), path, status=3, says='HISTORY_TIME')
    box.run('record', box.place, 'prod', night(4), path, status=3, says='HISTORY_TIME')
    box.run('record', box.place, 'test', night(4), path)
    box.run('show', box.place, 'prod', '2025', status=5, says='HISTORY_NONE')
    box.run('show', box.place, 'prod', 'last week', status=2, says='BAD_VALUE')


@case('file', 'postgresql')
def hostile(box):
    """Names of any bytes, of environments too."""
    make = []
    for i, name in enumerate(NAMES):
        make.append('CREATE TABLE %s (%s int, "x" text DEFAULT %s)' %
                    (quoted(name), quoted('c' + name), "'" + name.replace("'", "''") + "'"))
        make.append('CREATE INDEX %s ON %s (%s)' % (quoted('i' + name), quoted(name), quoted('c' + name)))
    path = box.snapshot('s', make)
    for i, env in enumerate(NAMES):
        box.run('record', box.place, env, night(i), path)
        box.same(box.place, env, night(i), path)
    box.run('check', box.place)
    envs = box.run('envs', box.place).decode()
    box.check('every environment is there', all(name in envs for name in NAMES))


@case('file', 'postgresql')
def locked(box):
    """One writer: the second waits as long as it was told to, and then says so."""
    path = box.snapshot('s', schema(3))
    box.run('record', box.place, 'prod', night(0), path)
    pipes = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE}
    with subprocess.Popen([TOOL, 'hold', box.place, 'prod', '600000'], **pipes) as holder:
        holder.stdout.readline()
        begin = time.monotonic()
        box.run('record', box.place, 'prod', night(1), path, 300, status=7, says='HISTORY_LOCKED')
        box.check('it waited', 0.25 < time.monotonic() - begin < 60)
        box.same(box.place, 'prod', night(0), path)
        if SERVER:
            box.run('record', box.place, 'test', night(1), path)
            box.run('keep', box.place, 1, 0, night(2), status=7, says='HISTORY_LOCKED')
        with subprocess.Popen([TOOL, 'record', box.place, 'prod', night(1), path, '300000'], stderr=subprocess.PIPE) as waits:
            time.sleep(0.5)
            box.check('it waits', waits.poll() is None)
            holder.stdin.close()
            err = waits.communicate()[1]
            box.check('it waits until the other lets go', waits.returncode == 0, err)
    box.same(box.place, 'prod', night(1), path)
    with subprocess.Popen([TOOL, 'hold', box.place, 'prod', '600000'], **pipes) as holder:
        holder.stdout.readline()
        holder.kill()
    box.run('record', box.place, 'prod', night(2), path, 5000)
    box.run('check', box.place)


@case('file', 'postgresql')
def crowd(box):
    """Many processes write at once, each to its environment, the first making the tables."""
    path = box.snapshot('s', schema(40))
    many = [subprocess.Popen([TOOL, 'record', box.place, 'shard%d' % i, night(0), path, '60000'],
                             stderr=subprocess.PIPE) for i in range(8)]
    for one in many:
        err = one.communicate()[1]
        box.check('a shard is written', one.returncode == 0, err)
    for i in range(8):
        box.same(box.place, 'shard%d' % i, night(0), path)
    box.run('check', box.place)


@case('file', 'postgresql')
def killed(box):
    """kill -9 at any moment loses the running check at most."""
    path, rng, at = box.snapshot('s', schema(60)), random.Random(1), 0
    rounds = 60 if FULL else 12
    for n in range(rounds):
        run = subprocess.Popen([TOOL, 'nights', box.place, 'prod', path, '100000', str(at)],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * 0.6)
        # on a slow machine none may have been written yet
        first = run.stdout.readline() if n == rounds - 1 and not at else b''
        run.kill()
        told = (first + run.communicate()[0]).split()
        last = int(told[-1]) if told else at - 1
        done = subprocess.run([TOOL, 'states', box.place, 'prod'], capture_output=True)
        if done.returncode:
            box.check('nothing yet', last < 0 and done.returncode == 5, done.stderr)
            continue
        runs = done.stdout.decode().splitlines()
        box.check('what was told is there', last + 1 <= len(runs) <= last + 2, '%d of %d' % (len(runs), last + 1))
        box.run('check', box.place)
        at = len(runs)
    box.check('some were written', at > 0)


@case('file', 'postgresql')
def year(box):
    """Night after night one change: the history stays small. The full number: tests/bench/history.py."""
    path = box.snapshot('s', schema(250))
    nights = 365 if FULL else 25
    box.run('nights', box.place, 'prod', path, nights)
    box.check('a state a night', len(box.run('states', box.place, 'prod').splitlines()) == nights)
    box.same(box.place, 'prod', '2026-01-01', path)
    shown = box.run('show', box.place, 'prod', night(nights // 2)[:10]).decode()
    box.check('the change of each night', all('"varchar(%d)"' % (i + 1) in shown for i in range(1, nights // 2)))
    box.check('and of none behind it', '"varchar(%d)"' % (nights // 2 + 2) not in shown)
    log = box.run('log', box.place, 'prod').decode().splitlines()
    box.check('each in the log', sum(' ~ ' in line for line in log) == nights - 1, log[:2])
    if not SERVER:
        box.check('small', os.path.getsize(box.place) < 2 * os.path.getsize(path),
                  '%d of %d' % (os.path.getsize(box.place), os.path.getsize(path)))
    box.run('keep', box.place, 5, 0, '2027-01-01T00:00:00Z')
    box.check('five are kept', len(box.run('states', box.place, 'prod').splitlines()) == 5)
    box.run('check', box.place)


def limited(size):
    def begin():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return begin


@case('file')
def starved(box):
    """Each write fails once: the disk is full from one size on."""
    first, second = box.snapshot('a', schema(30)), box.snapshot('b', schema(30, 7))
    box.run('record', box.place, 'prod', night(0), first)
    whole = os.path.getsize(box.place)
    failed, size, step = 0, 512, 4096 if FULL else 4096 * 2
    while True:
        copy = box.file('copy%d.db' % size)
        shutil.copy(box.place, copy)
        done = subprocess.run([TOOL, 'record', copy, 'prod', night(1), second], preexec_fn=limited(size),
                              capture_output=True, text=True)
        if done.returncode == 0 and size > 2 * whole:
            box.same(copy, 'prod', night(1), second)
            break
        if done.returncode:
            failed += 1
            box.check('disk full at %d' % size, done.returncode == 3 and 'WRITE_FAILED' in done.stderr, done.stderr)
            box.same(copy, 'prod', night(0), first)
            box.run('states', copy, 'prod')
            box.check('the old is all', len(box.run('states', copy, 'prod').splitlines()) == 1)
            box.run('record', copy, 'prod', night(1), second)
        box.run('check', copy)
        box.same(copy, 'prod', night(1), second)
        os.remove(copy)
        size += step
    box.check('some failed', failed > 3, failed)
    tiny = os.path.join(box.top, 'new', 'h.db')
    for size in (0, 512, 4096, 20480):
        done = subprocess.run([TOOL, 'record', tiny, 'prod', night(1), second], preexec_fn=limited(size),
                              capture_output=True, text=True)
        box.check('a new one on a full disk', done.returncode == 3 and 'WRITE_FAILED' in done.stderr, done.stderr)
    box.run('record', tiny, 'prod', night(1), second)
    box.same(tiny, 'prod', night(1), second)


@case('file')
def damaged(box):
    """A flipped byte is found, or changes nothing; nothing wrong is ever shown."""
    files = [box.snapshot('s%d' % i, schema(20, i)) for i in range(3)]
    for i, path in enumerate(files):
        box.run('record', box.place, 'prod', night(i), path)
    with open(box.place, 'rb') as f:
        sound = f.read()
    want = [open(path, 'rb').read() for path in files]
    rng, found = random.Random(2), 0
    for n in range(400 if FULL else 24):
        raw = bytearray(sound)
        if n % 4 == 0:
            page = rng.randrange(1, len(raw) // 4096) * 4096
            raw[page:page + 4096] = bytes(4096)
        elif n % 4 == 1:
            del raw[rng.randrange(100, len(raw)):]
        else:
            raw[rng.randrange(100, len(raw))] ^= 1 << rng.randrange(8)
        with open(box.file('x.db'), 'wb') as f:
            f.write(raw)
        done = subprocess.run([TOOL, 'check', box.file('x.db')], capture_output=True, text=True)
        box.check('checked %d' % n, done.returncode == 0 or (done.returncode == 3 and 'HISTORY_CORRUPT' in done.stderr),
                  '%d %s' % (done.returncode, done.stderr[-800:]))
        found += done.returncode == 3
        box.check('a missing end is found %d' % n, n % 4 != 1 or len(raw) % 4096 == 0 or done.returncode == 3, done.stderr)
        box.check('a hint', done.returncode == 0 or '--repair' in done.stderr)
        for i in range(3):
            shown = subprocess.run([TOOL, 'show', box.file('x.db'), 'prod', night(i)], capture_output=True)
            box.check('shown as it was or not at all, %d' % n, shown.returncode in (3, 5) or
                      (shown.returncode == 0 and shown.stdout == want[i]), '%d %s' % (shown.returncode, shown.stderr))
    box.check('most are found', found > 10, found)


def salvaged(box, raw, want, name):
    """Repairs a damaged file; how many of its states are there after it, each as it was."""
    at = box.file('r.db')
    with open(at, 'wb') as f:
        f.write(raw)
    done = subprocess.run([TOOL, 'repair', at], capture_output=True, text=True)
    box.check('repaired ' + name, done.returncode == 0, done.stderr)
    box.run('check', at)
    kept = 0
    for i, text in enumerate(want):
        shown = subprocess.run([TOOL, 'show', at, 'prod', night(i)], capture_output=True)
        if shown.returncode == 0 and shown.stdout == text:
            kept += 1
        else:
            # the state before it is shown in its place, or nothing is as old
            box.check('shown is another whole state, ' + name, shown.returncode == 5 or
                      (shown.returncode == 0 and shown.stdout in want), shown.stderr)
    if done.stdout.startswith('repaired'):
        box.check('the damaged file is kept, ' + name, open(at + '.damaged', 'rb').read()[100:] == bytes(raw)[100:])
        box.run('record', at, 'prod', night(50), box.file('s0.json'))
        box.same(at, 'prod', night(50), box.file('s0.json'))
        box.run('check', at)
        os.remove(at + '.damaged')
    os.remove(at)
    return kept


@case('file')
def repaired(box):
    """Of a damaged file all states come back that are whole in it."""
    late = ['CREATE TABLE late (x int default 424242)']
    files = [box.snapshot('s%d' % i, [*schema(30, i), *(late if i == 5 else [])]) for i in range(6)]
    for i, path in enumerate(files):
        box.run('record', box.place, 'prod', night(i), path)
    with open(box.place, 'rb') as f:
        sound = f.read()
    want = [open(path, 'rb').read() for path in files]
    box.check('a sound one is left alone', salvaged(box, sound, want, 'sound') == 6)
    raw = bytearray(sound)
    raw[sound.rindex(b'424242')] ^= 1
    kept = salvaged(box, raw, want, 'one body')
    box.check('the states without it are all there', kept == 5, kept)
    rng, some = random.Random(3), 0
    pages = len(sound) // 4096
    for n in range(pages - 1 if FULL else 6):
        page = (n + 1 if FULL else rng.randrange(1, pages)) * 4096
        raw = bytearray(sound)
        raw[page:page + 4096] = rng.randbytes(4096)
        some += salvaged(box, raw, want, 'page %d' % (page // 4096)) > 0
    box.check('of some pages something comes back', some > 0, some)


@case('file')
def half_a_page(box):
    """A disk that was full ended the last write of a checkpoint inside a page: all of it is in the log."""
    files = [box.snapshot('s%d' % i, schema(20, i)) for i in range(3)]
    box.run('record', box.place, 'prod', night(0), files[0])
    reads = sqlite3.connect(box.place)
    reads.execute('BEGIN')
    reads.execute('SELECT count(*) FROM env').fetchone()
    box.run('record', box.place, 'prod', night(1), files[1])
    half = box.file('half.db')
    for end in ('', '-wal'):
        shutil.copy(box.place + end, half + end)
    reads.close()
    box.check('there is a log', os.path.getsize(half + '-wal') > 4096)
    with open(half, 'ab') as f:
        f.write(b'\0' * 1000)
    box.same(half, 'prod', night(1), files[1])
    box.run('record', half, 'prod', night(2), files[2])
    for i in range(3):
        box.same(half, 'prod', night(i), files[i])
    box.run('check', half)


@case('file')
def other_files(box):
    path = box.snapshot('s', schema(2))

    def untouched(what, at, status, says, **more):
        with open(at, 'rb') as f:
            before = f.read()
        names = sorted(os.listdir(os.path.dirname(at)))
        for argv in (['record', at, 'prod', night(0), path], ['show', at, 'prod', night(0)]):
            box.run(*argv, status=status, says=says, **more)
        with open(at, 'rb') as f:
            box.check(what + ' is left as it is', f.read() == before and
                      sorted(os.listdir(os.path.dirname(at))) == names)

    os.mkdir(box.file('of'))
    foreign = box.file('of/foreign.db')
    db = sqlite3.connect(foreign)
    db.execute('CREATE TABLE env (id)')
    db.commit()
    db.close()
    untouched('a database of another program', foreign, 5, 'NOT_A_DATABASE')
    with open(box.file('of/text'), 'w') as f:
        f.write('hello\n' * 100)
    untouched('a text', box.file('of/text'), 5, 'NOT_A_DATABASE')
    box.run('record', box.top, 'prod', night(0), path, status=5, says='NOT_A_DATABASE')
    box.run('show', box.file('none/h.db'), 'prod', night(0), status=5, says='NO_SUCH_FILE')
    box.run('record', box.file('of/text') + '/h.db', 'prod', night(0), path, status=3, says='WRITE_FAILED')
    open(box.file('empty.db'), 'w').close()
    box.run('show', box.file('empty.db'), 'prod', night(0), status=5, says='NO_SUCH_FILE')
    box.run('record', box.file('empty.db'), 'prod', night(0), path)
    os.symlink(box.file('empty.db'), box.file('link.db'))
    box.run('record', box.file('link.db'), 'prod', night(1), path)
    box.same(box.file('empty.db'), 'prod', night(1), path)
    db = sqlite3.connect(box.file('empty.db'))
    db.execute('PRAGMA user_version = 99')
    db.close()
    box.run('record', box.file('empty.db'), 'prod', night(2), path, status=3, says='HISTORY_VERSION')
    box.run('show', box.file('empty.db'), 'prod', night(1), status=3, says='HISTORY_VERSION')


@case('file')
def rights(box):
    """A file that may be read only, in a folder that may be read only."""
    if os.geteuid():
        box.check('run by root', True)
        return
    path = box.snapshot('s', schema(2))
    box.run('record', box.place, 'prod', night(0), path)
    for at, mode in ((box.place, 0o444), (os.path.dirname(box.place), 0o555)):
        os.chmod(at, mode)
    # a copy, because another user must be able to run it
    more = {'preexec_fn': lambda: (os.setgid(65534), os.setuid(65534)), 'tool': shutil.copy(TOOL, box.file('tool'))}
    for name, mode in (('tool', 0o755), (os.path.basename(path), 0o644)):
        os.chmod(box.file(name), mode)
    with open(path, 'rb') as f:
        box.check('it is read', box.run('show', box.place, 'prod', night(0), **more) == f.read())
    box.run('record', box.place, 'prod', night(1), path, status=3, says='WRITE_FAILED', **more)
    os.chmod(box.place, 0o000)
    box.run('show', box.place, 'prod', night(0), status=5, says='CANNOT_OPEN', **more)
    box.check('nothing is left beside it', os.listdir(os.path.dirname(box.place)) == ['history.db'])


@case('postgresql')
def server(box):
    path = box.snapshot('s', schema(2))
    base = box.made[0]
    box.run('show', box.place, 'prod', night(0), status=5, says='NO_SUCH_FILE')
    bad = box.place.replace('://postgres@', '://nobody_there:s3cret@')
    done = subprocess.run([TOOL, 'record', bad, 'prod', night(0), path], capture_output=True, text=True)
    box.check('refused', done.returncode == 5 and 's3cret' not in done.stderr, done.stderr)
    box.psql("CREATE ROLE %s_r LOGIN" % base, 'postgres')
    weak = box.place.replace('://postgres@', '://%s_r@' % base)
    box.run('record', weak, 'prod', night(0), path, status=3, says='NO_PRIVILEGE')
    box.psql('CREATE SCHEMA snap_history AUTHORIZATION %s_r' % base, base)
    box.run('record', weak, 'prod', night(0), path)
    box.same(weak, 'prod', night(0), path)
    box.psql('UPDATE snap_history.meta SET format = 99', base)
    box.run('record', weak, 'prod', night(1), path, status=3, says='HISTORY_VERSION')
    box.psql('UPDATE snap_history.meta SET format = 1', base)
    box.psql('DELETE FROM snap_history.fact WHERE path = (SELECT min(path) FROM snap_history.fact)', base)
    box.run('check', weak, status=3, says='HISTORY_CORRUPT')
    box.run('show', weak, 'prod', night(0), status=3, says='HISTORY_CORRUPT')
    box.psql('DROP OWNED BY %s_r' % base, base)
    box.psql('DROP ROLE %s_r' % base, 'postgres')
    box.run('record', 'postgresql://127.0.0.1:1/x', 'prod', night(0), path, status=5, says='CANNOT_OPEN')


def main():
    for function, where in CASES:
        if ('postgresql' if SERVER else 'file') not in where or ONLY not in function.__name__:
            continue
        box = Box(function.__name__)
        begin = time.time()
        try:
            function(box)
        finally:
            box.close()
        print('%-12s %5.1f s' % (function.__name__, time.time() - begin), flush=True)
    for line in Box.wrong:
        print(line)
    print('history: %d checks on %s, %d wrong' % (Box.checks, 'PostgreSQL' if SERVER else 'files', len(Box.wrong)))
    return 1 if Box.wrong else 0


sys.exit(main())
