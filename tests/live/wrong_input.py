#!/usr/bin/env python3
"""What snap says and does when it is given something wrong: exit status, name of the error, nothing
left behind. Then names and texts that try to break every format, and the ways in which a run ends early.

usage: wrong_input.py SNAP
"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from moments import catches

FORMATS = ('text', 'json', 'markdown')
# C0 but for the newline, DEL, and C1 as UTF-8 writes it.
CONTROL = re.compile(rb'[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]')
NAMES = ["quote \" and ' and ` here", 'two\nlines', 'esc \x1b[31m red', 'dollar ${x} $${y}', 'emoji \U0001f600',
         'c1 \u009b2J', 'bidi \u202e', 'back\\slash', '<img src=x>', '| a | b |', '*/ -- ;', 'x' * 10000,
         'tab\there', '-- comment', '%s%n', '\u2028', 'a: b # c', 'cr\rlf']


class Tests:
    def __init__(self, snap):
        self.folder = tempfile.mkdtemp(prefix='snap-input-')
        os.chmod(self.folder, 0o755)
        os.chdir(self.folder)
        # a copy, because another user must be able to run it
        self.snap = shutil.copy(snap, os.path.join(self.folder, 'the-snap'))
        self.env = {'PATH': os.environ.get('PATH', ''), 'HOME': self.folder, 'TMPDIR': self.folder,
                    'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', ''),
                    'GCOV_PREFIX_STRIP': os.environ.get('GCOV_PREFIX_STRIP', '')}
        self.done = self.failed = 0

    def fail(self, what, *why):
        self.failed += 1
        print('FAILED %s' % what)
        for w in why:
            print('   ', repr(w)[:600])

    def check(self, good, what, *why):
        self.done += 1
        if not good:
            self.fail(what, *why)
        return good

    def run(self, *args, before=(), env=None, **how):
        how.setdefault('stdin', subprocess.DEVNULL)
        return subprocess.run([*before, self.snap, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**self.env, **(env or {})}, timeout=120, **how)

    def wrong(self, args, status, name, *words, **how):
        """A run that ends with this status, names this error first, and says these words. It writes
        nothing, neither to standard output nor to a file."""
        before = set(os.listdir('.'))
        p = self.run(*args, **how)
        err = p.stderr.decode('utf8', 'replace')
        want = 'snap: %s: ' % name
        good = (p.returncode == status and err.startswith(want) and all(w in err for w in words) and
                not p.stdout and not CONTROL.search(p.stderr) and set(os.listdir('.')) == before)
        return self.check(good, ' '.join(args)[:200], 'want %d %s %s' % (status, name, words),
                          p.returncode, err, p.stdout[:200], set(os.listdir('.')) - before)


def write(path, text, mode=0o644):
    with open(path, 'wb') as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, mode)


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def database(path, *statements):
    con = sqlite3.connect(path, isolation_level=None)
    for s in statements:
        con.execute(s)
    con.close()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def sources(t):
    for args in (['diff', 'none.db', 'a.db'], ['diff', 'a.db', 'sqlite:none.db'], ['snapshot', 'none.db'],
                 ['changelog', 'a.db', 'none.db', '-o', 'x.yaml'], ['snapshot', 'sqlite:none/none.db'],
                 ['verify', 'a.yaml', '--from', 'none.db'], ['drift', 'a.db', '--baseline', 'none.json']):
        t.wrong(args, 5, 'NO_SUCH_FILE', 'none')
    t.check(not os.path.exists('none.db'), 'a missing database is never made')
    write('text.txt', 'This is no database, and it is long enough to have been one. ' * 20)
    t.wrong(['diff', 'text.txt', 'a.db'], 5, 'NOT_A_DATABASE', 'text.txt')
    t.wrong(['diff', 'sqlite:text.txt', 'a.db'], 5, 'NOT_A_DATABASE', 'text.txt')
    os.makedirs('folder', exist_ok=True)
    t.wrong(['diff', 'folder', 'a.db'], 5, 'NO_SUCH_FILE', 'folder', 'no .sql file')
    t.wrong(['diff', 'offline:sqlite?snapshot=folder', 'a.db'], 5, 'CANNOT_OPEN', 'folder')
    t.wrong(['diff', 'a.db', 'a.db/below'], 5, 'NO_SUCH_FILE', 'a.db/below')
    bad = bytearray(read('big.db'))
    bad[4096:] = b'\xa5' * (len(bad) - 4096)
    write('corrupt.db', bytes(bad))
    t.wrong(['diff', 'corrupt.db', 'a.db'], 3, 'CORRUPT', 'corrupt.db')
    for both in (['a.db', 'a.db'], ['a.db', './a.db'], ['a.db', 'sqlite:a.db'], ['a.db', 'link.db'],
                 ['a.db', 'hard.db'], ['a.json', 'a.json'], ['a.db', 'jdbc:sqlite:a.db']):
        t.wrong(['diff', *both], 2, 'SAME_SOURCE', 'the same file')
    t.wrong(['diff', 'empty', 'empty'], 2, 'ENGINE_UNCLEAR', 'which engine')
    t.wrong(['diff', 'git:--output=x:y', 'a.db'], 2, 'BAD_VALUE', 'git:REV:PATH')
    t.wrong(['diff', 'git:HEAD:nothing.json', 'a.db'], 3, 'GIT', 'git:HEAD:nothing.json')


def not_readable(t):
    write('secret.db', read('a.db'), 0)
    as_other = ()
    if os.geteuid() == 0:
        as_other = (('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') if shutil.which('setpriv')
                    else ('runuser', '-u', 'nobody', '--'))
    t.wrong(['snapshot', 'secret.db'], 5, 'CANNOT_OPEN', 'secret.db', 'denied', before=as_other)
    t.wrong(['snapshot', 'sqlite:secret.db'], 5, 'CANNOT_OPEN', 'secret.db', before=as_other)
    t.wrong(['snapshot', 'a.db', '-o', 'made.json'], 3, 'WRITE_FAILED', 'made.json', before=as_other) \
        if as_other else None
    os.remove('secret.db')


def locked(t):
    con = sqlite3.connect('a.db', isolation_level=None)
    con.execute('BEGIN EXCLUSIVE')
    start = time.monotonic()
    t.wrong(['diff', 'a.db', 'b.db', '--timeout', '300ms'], 6, 'BUSY', 'a.db')
    t.check(0.2 < time.monotonic() - start < 20, 'it waits as long as asked')
    con.execute('ROLLBACK')
    con.close()


def command_line(t):
    t.wrong(['dif', 'a.db', 'b.db'], 2, 'UNKNOWN_COMMAND', 'dif', 'did you mean snap diff?')
    t.wrong(['xyzzy'], 2, 'UNKNOWN_COMMAND', 'xyzzy', 'snap help')
    t.wrong(['diff', '--formt', 'json', 'a.db', 'b.db'], 2, 'UNKNOWN_OPTION', '--formt', 'did you mean --format?')
    t.wrong(['diff', '--zzzzz', 'a.db', 'b.db'], 2, 'UNKNOWN_OPTION', '--zzzzz', 'snap help diff')
    t.wrong(['diff', '-Z', 'a.db', 'b.db'], 2, 'UNKNOWN_OPTION', '-Z')
    t.wrong(['diff', '--author', 'x', 'a.db', 'b.db'], 2, 'UNKNOWN_OPTION', 'snap diff takes no --author')
    t.wrong(['diff', 'a.db', 'b.db', '--format'], 2, 'USAGE', '--format needs a value')
    t.wrong(['diff', 'a.db'], 2, 'USAGE', 'usage: snap diff FROM TO')
    t.wrong(['diff', 'a.db', 'b.db', 'c.db'], 2, 'USAGE', 'too many')
    t.wrong(['snapshot'], 2, 'USAGE', 'an argument is missing')
    t.wrong(['changelog', 'a.db'], 2, 'USAGE', 'an argument is missing')
    t.wrong(['verify', 'x.yaml'], 2, 'USAGE')
    t.wrong(['completion'], 2, 'USAGE')
    t.wrong(['diff', '--url', 'a.db'], 2, 'USAGE', '--reference-url')
    t.wrong(['diff', 'a.db', 'b.db', '--url', 'a.db'], 2, 'USAGE', 'twice')
    t.wrong(['snapshot', 'a.db', '--url', 'a.db'], 2, 'USAGE')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--rollback-output', 'y.sql'], 2, 'USAGE')
    t.wrong(['diff', 'sqlite:a.db?imutable=1', 'b.db'], 2, 'UNKNOWN_URL_KEY', 'imutable', 'did you mean immutable?')
    t.wrong(['diff', 'sqlite:a.db?zzzzzz=1', 'b.db'], 2, 'UNKNOWN_URL_KEY', 'known keys')
    t.wrong(['diff', 'oracle://h/x', 'b.db'], 3, 'NO_DRIVER', 'snapshot')
    t.wrong(['diff', 'nothing://h/x', 'b.db'], 2, 'UNKNOWN_ENGINE', 'scheme')
    t.wrong(['diff', 'offline:oracel?snapshot=a.json', 'b.db'], 2, 'UNKNOWN_ENGINE', 'oracel')
    t.wrong(['diff', 'offline:sqlite', 'b.db'], 2, 'BAD_VALUE', 'offline:sqlite?snapshot=FILE')
    t.wrong(['help', 'nothing'], 2, 'UNKNOWN_COMMAND', 'nothing')
    p = t.run('--timeout', '30s', '--facets', '+order', 'diff', 'a.db', 'b.db')
    t.check(p.returncode == 1, 'options with values may stand before the command', p.stderr)


def values(t):
    for option, value in (('--color', 'blue'), ('--timeout', 'soon'), ('--timeout', '0'), ('--timeout', '99h'),
                          ('--fail-on', 'much'), ('--find-renames=0', None), ('-M101', None), ('--rename', 'x'),
                          ('--include', 'table'), ('--exclude', 'tabel:x'), ('--facets', 'structur')):
        t.wrong(['diff', 'a.db', 'b.db', option] + ([value] if value else []), 2, 'BAD_VALUE',
                option.split('=')[0] if value else '-M')
    t.wrong(['diff', 'a.db', 'b.db', '--facets', 'structur'], 2, 'BAD_VALUE', 'did you mean structure?')
    t.wrong(['diff', 'a.db', 'b.db', '--facets', '+zzzzzz'], 2, 'BAD_VALUE', 'facets: ')
    t.wrong(['diff', 'a.db', 'b.db', '--facets', '-structure,-comments,-owner,-acl,-storage'], 2, 'BAD_VALUE',
            'nothing')
    t.wrong(['diff', 'a.db', 'b.db', '-f', 'xml'], 2, 'UNKNOWN_FORMAT', 'formats: ')
    t.wrong(['snapshot', 'a.db', '-f', 'xml'], 2, 'UNKNOWN_FORMAT', 'formats: json')
    t.wrong(['changelog', 'a.db', 'b.db', '-f', 'text'], 2, 'UNKNOWN_FORMAT')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.doc'], 2, 'UNKNOWN_FORMAT', 'x.doc')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--style', 'nice'], 2, 'BAD_VALUE')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--author', ''], 2, 'BAD_VALUE', '--author')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--author', 'x' * 256], 2, 'BAD_VALUE', '--author')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--tag', 'null'], 2, 'BAD_VALUE', 'null')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--created-values=maybe'], 2, 'BAD_VALUE', 'maybe')
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--created-values'], 2, 'BAD_VALUE',
            'SOURCE_DATE_EPOCH', env={'SOURCE_DATE_EPOCH': 'now'})
    t.wrong(['diff', 'a.db', 'b.db'], 2, 'BAD_VALUE', '--timeout', env={'SNAP_TIMEOUT': 'soon'})
    t.wrong(['changelog', 'a.db', 'b.db', '-o', 'x.yaml', '--rename', 't.nothing=x'], 2, 'RENAME_UNKNOWN')


def snapshots(t):
    good = read('a.json').decode()
    lines = good.split('\n')
    facts = [i for i, line in enumerate(lines) if line.startswith('{"path"')]

    def put(text):
        write('bad.json', text)
        return ['diff', 'bad.json', 'b.db']
    t.wrong(put(good.replace('"engine":"sqlite"', '"engine":"access"')), 2, 'UNKNOWN_ENGINE', 'access',
            'line 1')
    t.wrong(put(good.replace('{"snap":1', '{"snap":2')), 3, 'SNAPSHOT_VERSION', 'line 1', 'format 2')
    t.wrong(put(good.replace('"model":1', '"model":999')), 3, 'SNAPSHOT_VERSION', 'line 1', 'model 999')
    t.wrong(put(good[:len(good) // 2]), 3, 'SNAPSHOT_SYNTAX', 'line')
    t.wrong(put(good + 'x\n'), 3, 'SNAPSHOT_SYNTAX', 'line')
    swapped = lines[:]
    swapped[facts[0]], swapped[facts[1]] = swapped[facts[1]], swapped[facts[0]]
    t.wrong(put('\n'.join(swapped)), 3, 'SNAPSHOT_SYNTAX', 'line 2')
    twice = lines[:facts[0] + 1] + lines[facts[0]:]
    t.wrong(put('\n'.join(twice)), 3, 'SNAPSHOT_DUPLICATE', 'line 3', 'twice')
    t.wrong(put(good.replace('"path":"table:', '"path":"tabel:')), 3, 'SNAPSHOT_KIND', 'line 2')
    t.wrong(put(good.replace('"affinity"', '"affinitx"', 1)), 3, 'SNAPSHOT_ATTRIBUTE', 'line', 'affinitx')
    t.wrong(put(re.sub('"fingerprint":"[0-9a-f]{8}', '"fingerprint":"00000000', good)), 3,
            'SNAPSHOT_FINGERPRINT', 'line', 'fingerprint')
    t.wrong(put(re.sub('"digest":"[0-9a-f]{8}', '"digest":"00000000', good)), 3, 'SNAPSHOT_FINGERPRINT', 'digest')
    t.wrong(put(re.sub('"count":[0-9]+', '"count":77', good)), 3, 'SNAPSHOT_FINGERPRINT', '77')
    p = t.run('diff', 'bad.json', '-', stdin=open('a.json', 'rb'))
    t.check(p.returncode == 3, 'a broken snapshot beside one on standard input', p.returncode, p.stderr)
    for text in ('', '<<<<<<< ours\n', good.replace('\n{"path"', '\n<<<<<<< ours\n{"path"', 1)):
        write('bad.json', text)
        t.wrong(['snapshot', 'offline:sqlite?snapshot=bad.json', '--refresh'], 3, 'SNAPSHOT_SYNTAX', 'line')
    os.remove('bad.json')


BROKEN_CONFIG = [
    ('version: 1\nenvironments: ]\n', 'CONFIG_SYNTAX', 2),
    ('version: 1\nenvironments:\n  dev:\n    url: a.db\n  - x\n', 'CONFIG_SYNTAX', 5),
    ('version: 1\nfoo: bar\n', 'CONFIG_KEY', 2, 'unknown key foo'),
    ('version: 1\ndefaults: {timout: 3s}\n', 'CONFIG_KEY', 2, 'did you mean timeout?'),
    ('version: 1\nenvironments:\n  dev: {url: a.db, protect: true}\n', 'CONFIG_KEY', 3, 'did you mean protected?'),
    ('version: 1\nversion: 1\n', 'CONFIG_KEY', 2, 'twice'),
    ('environments:\n  dev: {url: a.db}\n  dev: {url: b.db}\n', 'CONFIG_KEY', 3, 'twice'),
    ('environments:\n  dev: {url: a.db, url: b.db}\n', 'CONFIG_KEY', 2, 'twice'),
    ('environments: [a, b]\n', 'CONFIG_SYNTAX', 1, 'mapping'),
    ('environments:\n  dev: a.db\n', 'CONFIG_SYNTAX', 2, 'mapping'),
    ('environments:\n  dev: {url: [a.db]}\n', 'CONFIG_SYNTAX', 2, 'plain value'),
    ('environments:\n  dev: {url: a.db, protected: maybe}\n', 'BAD_VALUE', 2, 'true or false'),
    ('environments:\n  dev: {url: a.db, snapshot: b}\n', 'CONFIG_SYNTAX', 2, 'not both'),
    ('environments:\n  dev: {protected: true}\n', 'CONFIG_KEY', 2, 'neither url nor snapshot'),
    ('version: 2\n', 'BAD_VALUE', 1, 'version 2'),
    ('version: 1\ndrift:\n  prod: {baseline: x}\n', 'CONFIG_KEY', 3, 'no environment'),
    ('environments:\n  dev: {url: a.db}\ndrift:\n  dev: {base: x}\n', 'CONFIG_KEY', 4, 'did you mean baseline?'),
    ('renames: {a: b}\n', 'CONFIG_SYNTAX', 1, 'list'),
    ('a: &x 1\nb: *x\n', 'CONFIG_KEY', 1),
    ('defaults: {include: [*x]}\n', 'CONFIG_SYNTAX', 1, 'aliases'),
    ('version: 1\n---\nversion: 1\n', 'CONFIG_SYNTAX', 2, 'one document'),
    ('version: 1\n# \x01\n', 'CONFIG_SYNTAX', 2),
    (b'version: 1\n\n# \xff\xff\n', 'CONFIG_SYNTAX', 3),
    ('defaults: ' + '[' * 50, 'CONFIG_SYNTAX', 1),
    ('just words\n', 'CONFIG_SYNTAX', 1),
    ('environments:\n  p: {url: "postgresql://u:hunter2@h/d"}\n', 'CONFIG_SECRET', 2, 'others may read'),
    ('environments:\n  p: {url: a.db}\ndrift:\n  p: {history: "postgresql://u:hunter2@h/d"}\n', 'CONFIG_SECRET', 4, 'history holds a password'),
    ('environments:\n  p: {url: a.db}\ndrift:\n  p: {baseline: "postgresql://u:hunter2@h/d"}\n', 'CONFIG_SECRET', 4, 'baseline holds a password'),
]


def configuration(t):
    for text, name, line, *words in BROKEN_CONFIG:
        write('snap.yml', text)
        t.wrong(['diff', 'a.db', 'b.db'], 2, name, 'snap.yml line %d: ' % line, *words)
    write('snap.yml', '# ' + 'x' * (1 << 20))
    t.wrong(['diff', 'a.db', 'b.db'], 2, 'CONFIG_SYNTAX', 'larger')
    write('snap.yml', 'environments: {production: {url: a.db}}\n')
    t.wrong(['diff', 'productoin', 'b.db'], 2, 'UNKNOWN_ENV', 'productoin', 'did you mean production?')
    t.wrong(['diff', 'zzzz', 'b.db'], 2, 'UNKNOWN_ENV', 'zzzz')
    t.wrong(['diff', '-c', 'none.yml', 'a.db', 'b.db'], 2, 'NO_CONFIG', 'none.yml')
    t.wrong(['drift'], 2, 'USAGE', 'nothing to check')
    t.wrong(['drift', 'production'], 2, 'USAGE', 'no baseline')
    p = t.run('diff', 'production', 'b.db')
    t.check(p.returncode == 1, 'a sound snap.yml', p.stderr)
    os.remove('snap.yml')


def passwords(t):
    url = 'postgresql://user:hunter2@host/db?sslpassword=hunter2'
    for args in (['diff', url, 'b.db'], ['diff', 'a.db', url], ['snapshot', '--url', url],
                 ['diff', 'sqlite:a.db?password=hunter2', 'b.db'], ['drift', 'a.db', '--baseline', url],
                 ['diff', '-v', '--debug', url, 'b.db'], ['env', 'list'], ['env', 'test'], ['diff', 'p', 'b.db']):
        write('snap.yml', 'environments: {p: {url: "%s"}}\n' % url, 0o600)
        p = t.run(*args)
        both = p.stdout + p.stderr
        t.check(b'hunter' not in both and (b'host' in both or b'password' in both or b'PostgreSQL' in both), 'no password: %s' % args, both)
    os.remove('snap.yml')
    gone = 'postgresql://user:hunter2@127.0.0.1:1/db'
    p = t.run('drift', gone, '--baseline', 'a.json', '--history', 'h.db', '--metrics', 'm.prom', '--nagios', '-v')
    kept = b''.join(open(name, 'rb').read() for name in ('h.db', 'm.prom'))
    t.check(b'hunter' not in p.stdout + p.stderr + kept and kept.count(b'127.0.0.1:1/db') > 2, 'no password in what a check leaves', p.stdout + p.stderr)
    for name in ('h.db', 'm.prom'):
        os.remove(name)
    write('snap.yml', 'environments: {p: {url: "%s"}}\n' % url, 0o644)
    p = t.run('env', 'list')
    t.check(b'hunter' not in p.stdout + p.stderr and p.returncode == 2, 'no password in CONFIG_SECRET', p.stderr)
    os.remove('snap.yml')


def outputs(t):
    for fmt in ('text', 'json', 'markdown'):
        t.wrong(['diff', 'a.db', 'b.db', '-f', fmt, '-o', '/dev/full'], 3, 'WRITE_FAILED', '/dev/full', 'space')
    t.wrong(['snapshot', 'a.db', '-o', '/dev/full'], 3, 'WRITE_FAILED', 'space')
    t.wrong(['changelog', 'a.db', 'b.db', '-f', 'sql', '-o', '/dev/full'], 3, 'WRITE_FAILED', 'space')
    with open('/dev/full', 'wb') as full:
        p = subprocess.run([t.snap, 'diff', 'a.db', 'b.db'], stdout=full, stderr=subprocess.PIPE, env=t.env)
    t.check(p.returncode == 3 and p.stderr.startswith(b'snap: WRITE_FAILED: '), 'standard output is full', p.stderr)
    for args in (['snapshot', 'a.db'], ['diff', 'a.db', 'b.db'], ['changelog', 'a.db', 'b.db']):
        end = '.yaml' if args[0] == 'changelog' else '.json'
        t.wrong(args + ['-o', 'no/such/x' + end], 3, 'WRITE_FAILED', 'no/such/x', 'folder must exist')
        os.makedirs('is-a-folder' + end, exist_ok=True)
        t.wrong(args + ['-o', 'is-a-folder' + end], 3, 'WRITE_FAILED', 'is a directory')
    t.wrong(['snapshot', 'a.db', '-o', 'a.db'], 2, 'PROTECTED', 'a.db')
    t.wrong(['changelog', 'a.db', 'b.db', '-f', 'sql', '-o', 'b.db'], 2, 'PROTECTED', 'b.db')
    write('old.json', 'old')
    t.wrong(['snapshot', 'corrupt.db', '-o', 'old.json'], 3, 'CORRUPT')
    t.check(read('old.json') == b'old', 'the old file is whole')
    closed = {'snapshot': ['snapshot', 'a.db'], 'diff': ['diff', 'a.db', 'b.db'], 'help': ['help'],
              'changelog': ['changelog', 'a.db', 'b.db']}
    for name, args in closed.items():
        p = subprocess.run(['sh', '-c', '"$@" >&-', 'sh', t.snap, *args], stderr=subprocess.PIPE, env=t.env)
        t.check(p.returncode == 3 and p.stderr.startswith(b'snap: WRITE_FAILED: '), 'closed stdout: ' + name, p)
    before = {n: read(n) for n in ('a.db', 'b.db')}
    p = subprocess.run(['sh', '-c', '"$@" <&- >&- 2>&-', 'sh', t.snap, 'snapshot', 'a.db', '-v', '-o', 'c.json'],
                       env=t.env)
    t.check(p.returncode == 0 and read('c.json') == read('a.json'), 'nothing is said into the output', p)
    t.check({n: read(n) for n in before} == before, 'nor into a database')


def help_and_words(t):
    """Help names every command and option, and is safe to print; completions are scripts that parse."""
    commands = ['snapshot', 'diff', 'changelog', 'explain', 'verify', 'drift', 'env', 'features', 'version', 'completion', 'help']
    overview = t.run('help').stdout.decode()
    options = t.run('help', 'options').stdout.decode()
    page = t.run('help', 'man').stdout.decode()
    for c in commands:
        p, q = t.run('help', c), t.run(c, '--help')
        t.check(p.returncode == 0 and p.stdout == q.stdout and ('snap ' + c).encode() in p.stdout, 'help ' + c, p)
        t.check(c in overview and c in page, 'help names ' + c)
        for o in set(re.findall(r'--[a-z][a-z-]+', p.stdout.decode())):
            t.check(o[2:] in options and o.replace('-', '\\-') in page or o in page, 'documents name ' + o)
    for name in ('NO_SUCH_FILE', 'SNAPSHOT_ORDER', 'INTERRUPTED'):
        p = t.run('help', name)
        t.check(p.returncode == 0 and name.encode() in p.stdout, 'help ' + name)
    for topic in ('errors', 'hazards', 'options', 'man'):
        p = t.run('help', topic)
        t.check(p.returncode == 0 and len(p.stdout) > 500 and not CONTROL.search(p.stdout), 'help ' + topic)
    for shell in ('bash', 'zsh', 'fish'):
        p = t.run('completion', shell)
        good = p.returncode == 0 and all(c.encode() in p.stdout for c in commands) and b'reference-url' in p.stdout
        if good and shutil.which(shell):
            good = subprocess.run([shell, '-n'], input=p.stdout, stderr=subprocess.PIPE).returncode == 0
        t.check(good, 'completion ' + shell, p)
    t.wrong(['completion', 'csh'], 2, 'USAGE', 'csh')
    p = t.run('version')
    t.check(p.returncode == 0 and p.stdout == t.run('--version').stdout and b'sqlite' in p.stdout, 'version', p)
    for args in (['features'], ['features', 'sqlite'], ['features', 'sqlite', '-f', 'markdown']):
        p = t.run(*args)
        t.check(p.returncode == 0 and b'foreign_key' in p.stdout, ' '.join(args), p.stderr)
    t.wrong(['features', 'oracel'], 2, 'UNKNOWN_ENGINE', 'oracel')
    t.wrong(['features', '-f', 'xml'], 2, 'UNKNOWN_FORMAT')
    t.wrong(['env', 'list'], 2, 'NO_CONFIG')
    write('snap.yml', 'environments: {a: {url: a.db}, none: {url: none.db, protected: true}}\n'
                      'drift: {a: {baseline: b.db}}\n')
    t.wrong(['env', 'lst'], 2, 'USAGE', 'lst')
    p = t.run('env', 'list')
    t.check(p.returncode == 0 and b'baseline' in p.stdout and b'protected' in p.stdout, 'env list', p)
    p = t.run('env', 'test')
    t.check(p.returncode == 6 and b'ok  SQLite' in p.stdout and b'NO_SUCH_FILE' in p.stdout and
            p.stderr.startswith(b'snap: PARTIAL: '), 'env test', p)
    p = t.run('drift', 'a', 'none', '--baseline', 'b.db')
    t.check(p.returncode == 6 and b'drift: a is not' in p.stdout and b'snap: PARTIAL: ' in p.stderr, 'drift of two', p)
    p = t.run('drift')
    t.check(p.returncode == 1 and p.stdout.startswith(b'drift: a is not what its baseline says'), 'drift', p)
    os.remove('snap.yml')


def ends_early(t):
    for args in (['snapshot', 'wide.db'], ['diff', 'empty', 'wide.db'], ['diff', 'empty', 'wide.db', '-f', 'json']):
        p = subprocess.run(['bash', '-c', '"$@" | head -n 1; exit ${PIPESTATUS[0]}', 'sh', t.snap, *args],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=t.env)
        t.check(p.returncode == (0 if args[0] == 'snapshot' else 1) and not p.stderr and p.stdout.count(b'\n') == 1,
                'the reader goes: %s' % args, p)
    before = set(os.listdir('.'))
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        write('kept.yaml', 'old')
        before.add('kept.yaml')
        for target in ('kept.yaml', 'new.yaml'):
            p = subprocess.Popen([t.snap, 'changelog', 'empty', 'wide.db', '-o', target], env=t.env,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            catches(p, number)
            time.sleep(0.5)
            early = p.poll()
            p.send_signal(number)
            start = time.monotonic()
            _, err = p.communicate(timeout=60)
            t.check(early is None and p.returncode == status and err.startswith(b'snap: INTERRUPTED: '),
                    'signal %d' % number, early, p.returncode, err)
            t.check(time.monotonic() - start < 30, 'it ends soon', time.monotonic() - start)
        t.check(read('kept.yaml') == b'old' and set(os.listdir('.')) == before, 'nothing is half written',
                set(os.listdir('.')) - before)


def hostile_schema(path, wanted):
    """FROM has one table, TO adds, changes and drops things whose names and texts try everything."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute('CREATE TABLE plain (id INTEGER PRIMARY KEY%s)' % ''.join(
        ', %s TEXT DEFAULT %s' % (quoted(n), "'" + (n if wanted else 'old').replace("'", "''") + "'") for n in NAMES
        if '\r' not in n))
    for i, n in enumerate(NAMES):
        if '\r' in n:
            continue
        if (i % 2 == 0) == wanted:
            con.execute('CREATE TABLE %s (%s INTEGER)' % (quoted('t ' + n), quoted(n)))
            con.execute('CREATE INDEX %s ON %s (%s)' % (quoted('i ' + n), quoted('t ' + n), quoted(n)))
        con.execute("CREATE VIEW %s AS SELECT '%s' AS %s" % (
            quoted('v ' + n), (n if wanted else 'before').replace("'", "''"), quoted(n)))
    con.close()


def cells(line):
    return len(re.sub(r'\\.', '', line).split('|'))


def width(line):
    wide = sum(2 if 0x1f300 <= ord(c) <= 0x1faff else 1 for c in line)
    return wide


def hostile_reports(t, one, two):
    for fmt in FORMATS:
        for extra in ([], ['--stat'], ['--name-status']) if fmt == 'text' else ([],):
            p = t.run('diff', one, two, '-f', fmt, *extra)
            t.check(p.returncode == 1 and not p.stderr, 'hostile %s' % fmt, p.returncode, p.stderr)
            found = re.search(rb'[\x00-\x09\x0b-\x1f]', p.stdout) if fmt == 'json' else \
                CONTROL.search(p.stdout.replace(b'\t', b'') if extra else p.stdout)
            t.check(not found, 'control characters in %s' % fmt, found)
            text = p.stdout.decode()
            t.check(fmt == 'json' or '\u202e' not in text and '\u2028' not in text, 'bidi in %s' % fmt)
            if fmt == 'json':
                names = ''.join(c['name'] for c in json.loads(text)['changes'])
                t.check(all(n in names for n in NAMES if '\r' not in n), 'every name is in the JSON')
            elif fmt == 'markdown':
                code = re.sub(r'(?ms)^(`{3,})diff\n.*?^\1\n', '', text)
                t.check(not re.search(r'<|(?<!\\)[$*_`\[](?![^|]*data loss)', code.replace('**data loss**', '')),
                        'Markdown cannot be broken out of')
                t.check({cells(line) for line in code.split('\n') if line.startswith('| ')} == {7},
                        'each row has its cells')
            elif extra != ['--name-status']:
                long = [line for line in text.split('\n') if width(line) > 100]
                t.check(not long, 'text fits 100 columns %s' % extra, *long[:3])


def hostile_changelogs(t, one, two):
    p = t.run('changelog', one, two, '-o', 'hostile.yaml', '--author', "al'ice ${u} \U0001f600", '--id-description')
    t.check(p.returncode == 0 and not CONTROL.search(p.stderr), 'hostile changelog', p.returncode, p.stderr)
    if p.returncode:
        return
    text = read('hostile.yaml')
    found = CONTROL.search(text.replace(b'\t', b''))
    t.check(not found, 'control characters in YAML', found)
    left = re.sub(rb'(?m)^#.*', b'', text).replace(b'${${snap.d}}${${snap.d}}snap.d}}', b'')
    t.check(b'${' not in left.replace(b'value: "${"', b''), 'no ${ that Liquibase would fill in')
    p = t.run('verify', 'hostile.yaml', '--from', one, '--to', two)
    t.check(p.returncode == 0, 'libyaml reads the same statements back', p.returncode, p.stderr)
    p = t.run('changelog', one, two, '-o', 'hostile.sql', '--rollback-output', 'hostile-back.sql')
    t.check(p.returncode == 0, 'hostile script', p.returncode, p.stderr)
    shutil.copy(one, 'run.db')
    for script, want in (('hostile.sql', two), ('hostile-back.sql', one)):
        with open(script, 'rb') as f:
            p = subprocess.run(['sqlite3', '-batch', 'run.db'], stdin=f, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        t.check(p.returncode == 0 and not p.stdout, 'the shell runs ' + script, p.returncode, p.stdout)
        t.check(t.run('diff', 'run.db', want, '--quiet').returncode == 0, '%s gives %s' % (script, want))
    p = t.run('snapshot', two, '-f', 'sql')
    t.check(p.returncode == 0, 'hostile schema as a script', p.stderr)


def hostile(t):
    hostile_schema('h1.db', False)
    hostile_schema('h2.db', True)
    hostile_reports(t, 'h1.db', 'h2.db')
    hostile_reports(t, 'h2.db', 'h1.db')
    hostile_changelogs(t, 'h1.db', 'h2.db')
    p = t.run('snapshot', 'h2.db', '-o', 'h2.json')
    t.check(p.returncode == 0, 'hostile snapshot', p.stderr)
    t.check(not re.search(rb'[\x00-\x09\x0b-\x1f]', read('h2.json')), 'controls in a snapshot')
    p = t.run('diff', 'h2.json', 'h2.db')
    t.check(p.returncode == 0, 'it reads back the same', p.stdout[:300], p.stderr)
    database('cr.db', 'CREATE TABLE t (a TEXT DEFAULT %s)' % "'cr\rlf'")
    t.wrong(['changelog', 'empty', 'cr.db', '-o', 'cr.yaml'], 3, 'UNSUPPORTED_CHANGE', 'carriage return')
    # a version that stands in a file, and a source whose name is hostile
    write('version.json', read('a.json').replace(b'"SQLite ', b'"\\u001B[31m\xe2\x80\xae '))
    name = b'esc\x1b[31m\xff.db'
    shutil.copy(b'a.db', name)
    for args in (['diff', 'version.json', 'b.db'], ['diff', name, 'b.db'], ['diff', name, 'b.db', '-f', 'markdown'],
                 ['diff', name, 'b.db', '-f', 'json'], ['diff', name, 'none.db'], ['diff', '-v', name, 'b.db'],
                 ['changelog', name, 'b.db', '-f', 'sql'], ['drift', name, '--baseline', 'b.db'],
                 ['drift', name, name, '--baseline', 'none.db'], ['snapshot', name, '-f', 'zz\x1b'],
                 ['env', 'test', 'version.json'], [b'\x1b[31m'], ['diff', b'--\x1b[31m', 'a.db', 'b.db']):
        p = t.run(*args)
        both = p.stdout + p.stderr
        t.check(both and not CONTROL.search(both) and b'\xe2\x80\xae' not in both, 'hostile words %s' % args, both)
        if 'json' in args:
            t.check(json.loads(p.stdout.decode('utf8', 'replace')), 'JSON is UTF-8') and p.stdout.decode()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    t = Tests(os.path.abspath(sys.argv[1]))
    database('a.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)', 'CREATE TABLE u (b INT)')
    database('b.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c INT)', 'CREATE TABLE u (b INT)')
    database('big.db', *['CREATE TABLE t%d (a, b, c)' % i for i in range(300)])
    database('wide.db', 'BEGIN', *['CREATE TABLE t%d (%s)' % (i, ', '.join('c%d INT' % k for k in range(20)))
                                   for i in range(700)], 'COMMIT')
    os.symlink('a.db', 'link.db')
    os.link('a.db', 'hard.db')
    write('a.yaml', 'databaseChangeLog: []\n')
    p = t.run('snapshot', 'a.db', '-o', 'a.json')
    t.check(p.returncode == 0, 'a snapshot to spoil', p.stderr)
    try:
        for part in (sources, not_readable, locked, command_line, values, snapshots, configuration, passwords,
                     outputs, help_and_words, ends_early, hostile):
            start = time.monotonic()
            part(t)
            if os.environ.get('VERBOSE'):
                print('%-16s %5.1f s' % (part.__name__, time.monotonic() - start))
    finally:
        os.chdir('/')
        shutil.rmtree(t.folder)
    print('wrong input: %d checks, %d failed' % (t.done, t.failed))
    return 1 if t.failed else 0


if __name__ == '__main__':
    sys.exit(main())
