#!/usr/bin/env python3
"""The proof on PostgreSQL: changelogs are replayed on a private server that starts, and ends however the
command ends; rows are kept, hazards are named, what cannot be verified says why. Starts a server of its
own by tests/servers. usage: postgresql_proof.py SNAP"""
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from moments import catches, until
from ports import free_port

SNAP = os.path.abspath(sys.argv[1])
SERVERS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'servers')
FOLDER = tempfile.mkdtemp(prefix='snap-pgproof-')
COUNT = {'checks': 0, 'failed': 0}
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(('SNAP_', 'PG'))}
CLEAN.update(LC_ALL='C', TERM='dumb', PP_RUN=FOLDER)
SERVER = {}

TABLES = '''
CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL, spare varchar(20));
CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent integer REFERENCES parent ON DELETE CASCADE, state text NOT NULL
    CHECK (state IN ('new', 'old')), price integer CHECK (price > 10),
    twice integer GENERATED ALWAYS AS (price * 2) STORED);
CREATE TABLE kinds (a boolean, b smallint, c numeric(3,3), d numeric, e real, f bytea, g date NOT NULL,
    h timestamptz, i interval, j uuid UNIQUE, k json, l jsonb NOT NULL, m inet, n point, o tsvector,
    p int4range, q integer[], r text[] NOT NULL, s bit(5), t money, u macaddr, v "char", w char(1),
    x varchar(3), y time NOT NULL, z daterange);
CREATE TABLE "Odd / na""me" ("C~ol" integer, "a/b" text);
CREATE SEQUENCE numbers START 5;
CREATE VIEW names AS SELECT id, name FROM parent;
'''

# name, from, to (each on top of TABLES), words that must stand in the script
PAIRS = [
    ('add column', '', 'ALTER TABLE parent ADD x integer', []),
    ('drop column', '', 'ALTER TABLE parent DROP spare', ['DATA_LOSS']),
    ('drop table', '', 'DROP TABLE kinds', ['DATA_LOSS']),
    ('not null', '', 'ALTER TABLE parent ALTER spare SET NOT NULL', ['DATA_DEPENDENT']),
    ('unique', 'ALTER TABLE kinds ADD dup boolean',
     'ALTER TABLE kinds ADD dup boolean UNIQUE', ['DATA_DEPENDENT']),
    ('check', '', "ALTER TABLE parent ADD CHECK (name = 'nobody')", ['DATA_DEPENDENT']),
    ('foreign key', '', 'ALTER TABLE kinds ADD FOREIGN KEY (b) REFERENCES parent (id)', []),
    ('wider', '', 'ALTER TABLE parent ALTER spare TYPE varchar(40)', []),
    ('narrower', '', 'ALTER TABLE parent ALTER spare TYPE varchar(2)', []),
    ('to bigint', '', 'ALTER TABLE kinds ALTER b TYPE bigint', []),
    ('index', '', 'CREATE INDEX ON parent (name) WHERE id > 1', ['INDEX_BUILD']),
    ('default', '', "ALTER TABLE parent ALTER spare SET DEFAULT 'x'", []),
    ('view', '', 'CREATE VIEW more AS SELECT p.id, c.state FROM parent p JOIN child c ON '
                 'c.parent = p.id', []),
    ('filled view', 'CREATE TABLE p (a integer); CREATE TABLE h () INHERITS (p); CREATE MATERIALIZED VIEW m AS SELECT a FROM p',
     'CREATE TABLE p (a integer); CREATE TABLE h () INHERITS (p); CREATE MATERIALIZED VIEW m AS SELECT a * 0 AS k FROM p; '
     'CREATE UNIQUE INDEX ON m (k)', ['DATA_DEPENDENT']),
    ('comment', '', "COMMENT ON TABLE parent IS 'it''s'", []),
    ('schema', '', 'CREATE SCHEMA s; CREATE TABLE s.t (i integer PRIMARY KEY)', []),
    ('no public', '', 'DROP SCHEMA public CASCADE', ['DATA_LOSS']),
    ('grants of public', '', 'GRANT CREATE ON SCHEMA public TO PUBLIC', []),
    ('owner', 'CREATE TABLE o (i integer)', 'CREATE TABLE o (i integer); ALTER TABLE o OWNER TO '
     '"pp one"; GRANT SELECT ON o TO pp_two', []),
]


def check(good, what):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + what, flush=True)


def run(*args, **env):
    r = subprocess.run([SNAP, *args], cwd=FOLDER, env={**CLEAN, **env}, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')


def psql(database, *args, fine=True):
    r = subprocess.run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', SERVER['url'] + '/' + database,
                        *args], env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if fine and r.returncode:
        raise SystemExit('psql: ' + r.stderr.decode())
    return r.stdout.decode()


def dump(database):
    r = subprocess.run(['pg_dump', '-s', '-d', SERVER['url'] + '/' + database], env=CLEAN,
                       stdout=subprocess.PIPE)
    return re.sub(r'(?m)^\\(un)?restrict .*\n', '', r.stdout.decode())


def build(database, *scripts):
    psql('postgres', '-c', 'DROP DATABASE IF EXISTS %s' % database, '-c',
         'CREATE DATABASE %s TEMPLATE template0' % database)
    for script in scripts:
        if script:
            psql(database, '-c', script)
    return SERVER['url'] + '/' + database


def is_ours(folder):
    """Its keeper has been started by this test, or is no more; other tests may run beside."""
    try:
        with open('/proc/%s/environ' % folder.rsplit('_', 1)[1], 'rb') as f:
            return ('PP_RUN=' + FOLDER).encode() in f.read()
    except FileNotFoundError:
        return os.path.exists(folder)
    except OSError:
        return False


def leftovers():
    """Folders of private servers that are still there."""
    found = glob.glob('/dev/shm/snap_scratch_pg_*') + glob.glob('/tmp/snap_scratch_pg_*')
    return [x for x in found if x not in SERVER['others'] and is_ours(x)]


def rested(folder, seconds=20):
    """No process runs on the folder any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        busy = False
        for name in glob.glob('/proc/[0-9]*/cmdline'):
            try:
                with open(name, 'rb') as f:
                    busy = busy or folder.encode() in f.read()
            except OSError:
                pass  # it has ended meanwhile
        if not busy:
            return True
        time.sleep(0.05)
    return False


def gone(seconds=30):
    return until(lambda: not leftovers(), seconds)


def changelog(a, b, *args, **env):
    return run('changelog', a, b, '-o', 'f.sql', '--rollback-output', 'r.sql', *args, **env)


def text(name):
    with open(os.path.join(FOLDER, name), encoding='utf8') as f:
        return f.read()


def pairs():
    for name, before, after, words in PAIRS:
        a, b = build('pp_a', TABLES, before), build('pp_b', TABLES, after)
        for way, x, y in ((name, a, b), (name + ' reversed', b, a)):
            rc, _, err = changelog(x, y)
            check(rc == 0 and 'applied' in err, '%s: %s' % (way, err))
            check('0 tables with rows' not in err or way == 'no public reversed',
                  '%s: no rows: %s' % (way, err))
            check(not leftovers(), way + ': something is left')
            if rc == 0 and way == name:
                for word in words:
                    check(word in text('f.sql'), '%s: no %s in %s' % (name, word, text('f.sql')))
                was = dump('pp_a')
                psql('pp_a', '-f', os.path.join(FOLDER, 'f.sql'))
                check(run('diff', a, b)[0] == 0, name + ': applied, it still differs')
                psql('pp_a', '-f', os.path.join(FOLDER, 'r.sql'))
                check(dump('pp_a') == was or 'DATA_LOSS' in words, name + ': the rollback is not exact')


def endings():
    """However the command ends, the server goes."""
    a, b = build('pp_a', TABLES), build('pp_b', TABLES, 'ALTER TABLE parent ADD x integer')
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129),
                           (signal.SIGKILL, -9)):
        for wait in (0.1, 0.4, 0.7):
            p = subprocess.Popen([SNAP, 'changelog', a, b, '-o', 'x.sql'], cwd=FOLDER, env=CLEAN,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda: [signal.signal(s, signal.SIG_DFL) for s in
                                                     (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)])
            if number != signal.SIGKILL:
                catches(p, number)
            time.sleep(wait)
            p.send_signal(number)
            rc = p.wait()
            check(rc in (status, 0), '%s after %.1f s: exit %d' % (number.name, wait, rc))
            check(gone(0 if number != signal.SIGKILL else 30),
                  '%s after %.1f s: %s' % (number.name, wait, leftovers()))
    # the keeper killed too: the next command sweeps
    p = subprocess.Popen([SNAP, 'changelog', a, b, '-o', 'x.sql'], cwd=FOLDER, env=CLEAN,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folders = until(lambda: leftovers() or p.poll() is not None)
    check(isinstance(folders, list), 'no private server is begun')
    time.sleep(0.3)
    folders = leftovers()
    for folder in folders:
        os.kill(int(folder.rsplit('_', 1)[1]), signal.SIGKILL)
    p.wait()
    # what the kernel ends with the keeper may still write for a moment
    check(all(rested(x) for x in folders), 'the server outlives a killed keeper')
    rc, _, err = changelog(a, b)
    check(rc == 0 and gone(), 'after a killed keeper: %s %s' % (err, leftovers()))
    for limit in ('1ms', '200ms', '600ms'):
        rc, _, err = changelog(a, b, '--timeout', limit)
        check(rc == 6 and 'TIMEOUT' in err, '--timeout %s: %d %s' % (limit, rc, err))
        check(gone(), '--timeout: ' + str(leftovers()))
    b = build('pp_b', TABLES, "CREATE FUNCTION slow() RETURNS integer LANGUAGE sql IMMUTABLE AS "
                              "'SELECT 1'")
    write('slow.sql', 'SELECT pg_sleep(60);')
    start = time.monotonic()
    rc, _, err = run('diff', 'slow.sql', a, '--timeout', '2s')
    check(rc == 6 and time.monotonic() - start < 30, 'a slow script: %d %s' % (rc, err))
    p = subprocess.Popen([SNAP, 'diff', 'slow.sql', a], cwd=FOLDER, env=CLEAN,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(2)
    start = time.monotonic()
    p.send_signal(signal.SIGTERM)
    check(p.wait() == 143 and time.monotonic() - start < 30, 'a statement is cancelled by a signal')
    check(gone(), 'after a cancelled statement')


def write(name, content):
    with open(os.path.join(FOLDER, name), 'w', encoding='utf8') as f:
        f.write(content)


def scripts():
    """Sources that are scripts: one server, a new database each, roles that are missing as stubs."""
    a = build('pp_a')
    one = 'CREATE ROLE pp_local; CREATE TABLE t (i integer, s text); ALTER TABLE t OWNER TO pp_local;\n'
    write('one.sql', one + 'GRANT SELECT ON t TO "pp mi""ss";\nCOPY t FROM stdin;\n1\ta;b\'\n\\.\n'
          'CREATE TABLE last (i integer);\n')
    rc, _, err = run('diff', 'one.sql', a)
    check(rc == 1, 'a script: %d %s' % (rc, err))
    start = time.monotonic()
    rc, _, err = changelog('one.sql', a)
    check(rc == 0, 'script to database: ' + err)
    check(time.monotonic() - start < 60, 'script to database takes too long')
    write('bad.sql', 'CREATE TABLE t (i integer);\nCREATE TABLE u (i nothing);\n')
    rc, _, err = run('diff', 'bad.sql', a)
    check(rc == 3 and 'bad.sql line 2' in err and 'MALFORMED' in err, 'a bad script: ' + err)
    write('ext.sql', 'CREATE EXTENSION no_such_extension;\n')
    rc, _, err = run('diff', 'ext.sql', a)
    check(rc == 3 and 'no_such_extension' in err and 'CANNOT_VERIFY' in err, 'extension: ' + err)
    check(gone(1), 'after scripts')


def unverifiable():
    a, b = build('pp_a', TABLES), build('pp_b', TABLES, 'ALTER TABLE parent ADD x integer')
    rc, _, err = changelog(a, b, SNAP_POSTGRESQL_BIN='/nowhere')
    check(rc == 3 and 'CANNOT_VERIFY' in err and 'no PostgreSQL server' in err, 'no binaries: ' + err)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam('nobody')
        folder = tempfile.mkdtemp(prefix='snap-pgproof-')
        shutil.copy(SNAP, folder + '/snap')
        os.chmod(folder, 0o755)
        r = subprocess.run(['setpriv', '--reuid=nobody', '--regid=%d' % nobody.pw_gid, '--clear-groups',
                            folder + '/snap', 'changelog', a, b, '-o', '-'], cwd='/', env=CLEAN,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(r.returncode == 0 and b'applied' in r.stderr, 'as nobody: ' + r.stderr.decode())
        check(gone(1), 'as nobody: something is left')
        shutil.rmtree(folder)


def main():
    SERVER['others'] = []
    SERVER['others'] = leftovers()
    os.chmod(FOLDER, 0o711)
    where = FOLDER + '/server'
    SERVER['url'] = subprocess.run([SERVERS, 'postgresql', where, str(free_port())], check=True,
                                   stdout=subprocess.PIPE).stdout.decode().strip()
    try:
        psql('postgres', '-c', 'CREATE ROLE "pp one"', '-c', 'CREATE ROLE pp_two')
        pairs()
        endings()
        scripts()
        unverifiable()
    finally:
        subprocess.run([SERVERS, 'stop', where], check=False)
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('postgresql proof: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return COUNT['failed'] > 0


if __name__ == '__main__':
    sys.exit(main())
