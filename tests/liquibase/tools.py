"""What the checks share: snap, the real Liquibase in a JVM of its own, databases, and the count.

A check is one sentence that holds or not; what is printed of a failed one names the version, the
sentence and what was seen.
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.path.append(os.path.join(ROOT, 'tests', 'random'))  # behind: names there stand here, too
import observer  # noqa: E402

JVM = ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx512m',
       '-Dliquibase.analytics.enabled=false']
# What must never arrive in a database: ${...} names them.
SECRETS = {'DB_PASSWORD': 'hunter2', 'snap_secret': 'hunter3', 'x': 'hunter4', 'd': 'hunter5'}

ENGINES = ('sqlite', 'postgresql', 'mariadb', 'mysql')


def engines(words, alone=False):
    """[(name, URL, '' of SQLite)] that a test runs on. `--engine NAME,...` is taken out of its words: each of those
    must be there. Without it SQLite and the servers of the surrounding run (SNAP_TEST_*_URL), one at least; `alone`:
    or SQLite alone."""
    urls = {e: os.environ.get('SNAP_TEST_%s_URL' % e.upper(), '') for e in ENGINES}
    names = [e for e in ENGINES if urls[e] or e == 'sqlite']
    if '--engine' in words:
        at = words.index('--engine')
        names = words[at + 1].split(',')
        del words[at:at + 2]
    elif len(names) == 1 and not alone:
        sys.exit('no server runs here: tests/servers run, or --engine sqlite')
    for name in names:
        if name not in ENGINES or not (urls[name] or name == 'sqlite'):
            sys.exit('no server of %s runs here (SNAP_TEST_%s_URL)' % (name, name.upper()))
    return [(name, urls[name]) for name in names]


class Checks:
    """Counts; several threads may share one."""

    def __init__(self):
        self.n = 0
        self.failed = 0
        self.lock = threading.Lock()

    def check(self, ok, what, seen=''):
        with self.lock:
            self.n += 1
            if not ok:
                self.failed += 1
                print('FAILED: %s%s' % (what, ': ' + str(seen)[:1500] if seen != '' else ''),
                      flush=True)
        return ok

    def equal(self, got, want, what):
        return self.check(got == want, what, 'got %r, wanted %r' % (got, want))


class Liquibase:
    """One version. run() gives '' or the messages of the exceptions, outer first; asked for
    changeTypes it gives these."""

    def __init__(self, build, version, folder, more=None):
        """`more`: a folder of further jars."""
        jars = os.path.join(build, 'liquibase', version)
        env = dict(os.environ, LIQUIBASE_ANALYTICS_ENABLED='false', **SECRETS)
        os.makedirs(folder, exist_ok=True)
        self.version = version
        self.folder = folder
        self.java = subprocess.Popen(
            JVM + ['-Djava.io.tmpdir=' + folder, '-cp', jars + os.pathsep + jars + '/*' + (os.pathsep + more + '/*' if more else ''), 'Runner'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)

    def run(self, command, dir='.', properties=None, **arguments):
        words = [(k, v) for k, v in arguments.items()] + [('dir', dir)]
        words += [('-D' + k, v) for k, v in (properties or {}).items()]
        line = ' '.join([command] + [k + '=' + urllib.parse.quote(str(v), safe='') for k, v in words])
        self.java.stdin.write(line.encode('ascii') + b'\n')
        self.java.stdin.flush()
        answer = self.java.stdout.readline().decode('ascii').strip()
        if not answer:
            raise RuntimeError('Liquibase %s has ended' % self.version)
        word, _, text = answer.partition(' ')
        return urllib.parse.unquote_plus(text)

    def on(self, command, db, changelog, keys=False, **arguments):
        """A command on a database with a changelog; `keys`: with foreign keys enforced."""
        url = 'jdbc:sqlite:%s?synchronous=off%s' % (db, '&foreign_keys=on' if keys else '')
        folder, name = os.path.split(os.path.abspath(changelog))
        return self.run(command, dir=folder, url=url, changelogFile=name, **arguments)

    def close(self):
        self.java.stdin.close()
        self.java.wait(60)


class Snap:
    def __init__(self, program):
        self.program = os.path.abspath(program)

    def run(self, *args, cwd=None):
        """(exit status, standard output, standard error)"""
        r = subprocess.run([self.program, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=120, cwd=cwd)
        return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')

    def changelog(self, a, b, out, *more):
        """'' or what snap said when it failed."""
        rc, _, err = self.run('changelog', a, b, '-o', out, *more)
        return '' if rc == 0 else 'exit %d: %s' % (rc, err)


def build(path, sql, fill=False):
    if os.path.exists(path):
        os.unlink(path)
    execute(path, sql)
    if fill:
        observer.fill(path)
    return path


def copy(a, b):
    shutil.copyfile(a, b)
    return b


def execute(path, sql):
    con = sqlite3.connect(path, isolation_level=None)
    try:
        con.executescript(sql)
    finally:
        con.close()


def query(path, sql, *args):
    con = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    try:
        return con.execute(sql, args).fetchall()
    finally:
        con.close()


def run_script(path, script):
    """A script of ours without the shell: '' or the error."""
    with open(script, encoding='utf8', newline='') as f:
        sql = ''.join(line for line in f if not line.startswith('.'))
    try:
        execute(path, sql)
    except sqlite3.Error as e:
        return str(e)
    return ''


def texts(path):
    """{(type, name): CREATE statement, byte for byte} without what Liquibase keeps for itself."""
    rows = query(path, "select type, name, cast(sql as blob) from sqlite_schema where sql is not null "
                       "and tbl_name not like 'DATABASECHANGELOG%' and name not like 'sqlite_%'")
    return {(kind, name): sql for kind, name, sql in rows}


def change_types(path, part):
    """Names of the changes below every `changes:` or `rollback:`, in order."""
    found, inside = [], False
    for line in open(path, encoding='utf8'):
        if re.match(r' {4}\w', line):
            inside = line.startswith('    %s:' % part)
        elif inside and re.match(r' {4}- \w+:', line):
            found.append(line.split()[1].rstrip(':'))
    return found


def forms(path):
    """{(change type, its keys in order)} of the changes of a changelog of ours that are not `sql`."""
    found, block = [], False
    for line in open(path, encoding='utf8'):
        if block and (line.startswith(' ' * 10) or line == '\n'):
            continue
        block = bool(re.match(r' {8}\w+: \|', line))
        start, key = re.match(r' {4}- (\w+):$', line), re.match(r' {8}(?: {4})?(?:- )?(\w+):', line)
        if start:
            found.append({'type': start.group(1), 'keys': set()})
        elif key and found:
            found[-1]['keys'].add(key.group(1))
        elif not line.startswith(' ' * 8):
            found.append({'type': 'sql', 'keys': set()})
    return {(f['type'], *sorted(f['keys'])) for f in found if f['type'] != 'sql'}


def count_sets(path):
    """How many changeSets a changelog of ours holds."""
    with open(path, encoding='utf8') as f:
        if path.endswith('.json'):
            return sum('changeSet' in item for item in json.load(f)['databaseChangeLog'])
        return sum(1 for line in f if line.strip() in ('- changeSet:', 'changeSet:') or line.strip().startswith('<changeSet '))
