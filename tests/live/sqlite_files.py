#!/usr/bin/env python3
"""Hostile database files: each is refused by name or read as far as it can be, and is never touched.

usage: sqlite_files.py SNAP [--only WORD]

Each case makes files in a folder of its own, runs snap on them and asserts the exit status, the name
of the error, that a refused source leaves no output, and that every file beside it has the bytes and
the time that it had, with none gone and none new. Runs without a terminal, as root or as anybody; as
root the cases about permissions run as an account without rights.
"""
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

NOBODY = 65534
CASES = []


def case(function):
    CASES.append(function)
    return function


def state(folder):
    """Everything in a folder: kind, bytes and time of change of each file."""
    seen = {}
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(at, name)
            st = os.lstat(path)
            digest = ''
            if os.path.isfile(path) and not os.path.islink(path) and os.access(path, os.R_OK):
                with open(path, 'rb') as f:
                    digest = hashlib.sha256(f.read()).hexdigest()
            seen[os.path.relpath(path, folder)] = (st.st_mode, st.st_mtime_ns, st.st_size, digest)
    return seen


class Box:
    """A folder for one case. `data` holds its files, `out` what snap writes."""
    checks = 0

    def __init__(self, snap):
        self.snap, self.wrong = snap, []
        self.top = tempfile.mkdtemp(prefix='snap-files-')
        self.data, self.out = os.path.join(self.top, 'data'), os.path.join(self.top, 'out')
        os.mkdir(self.data)
        os.mkdir(self.out)
        os.chmod(self.top, 0o755)
        os.chmod(self.out, 0o777)
        self.good = os.path.join(self.top, 'good.db')
        self.sql(self.good, 'CREATE TABLE good (a)')

    def path(self, name):
        return os.path.join(self.data, name)

    def must(self, ok, text):
        Box.checks += 1
        if not ok:
            self.wrong.append(text)

    def sql(self, path, *statements):
        con = sqlite3.connect(path, isolation_level=None)
        for one in statements:
            con.execute(one)
        con.close()
        return path

    def db(self, name, *statements):
        return self.sql(self.path(name), *(statements or ('CREATE TABLE t (a, b)',
                                                          'CREATE INDEX i ON t (a)',
                                                          'CREATE VIEW v AS SELECT a FROM t')))

    def hostile(self, name, *statements):
        """A good database whose catalog is then written to."""
        return self.sql(self.db(name), 'PRAGMA writable_schema = on', *statements)

    def run(self, *args, nobody=False, seconds=60, shared=()):
        """(status, stdout, stderr); leaves `data` alone or the case fails. `shared`: files
        in which SQLite's readers say what they read."""
        before = state(self.data)
        command = [self.snap, *args]
        if nobody and os.getuid() == 0:
            command = ['setpriv', '--reuid', str(NOBODY), '--regid', str(NOBODY), '--clear-groups',
                       *command]
        env = {'PATH': os.environ.get('PATH', ''), 'TMPDIR': self.out,
               'ASAN_OPTIONS': 'detect_leaks=0' if nobody else ''}
        try:
            r = subprocess.run(command, cwd=self.out, env=env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds)
        except subprocess.TimeoutExpired:
            self.must(False, '%s: no end after %d seconds' % (' '.join(args), seconds))
            return -1, '', ''
        err = r.stderr.decode('utf8', 'replace')
        after = state(self.data)
        odd = sorted(k for k in set(before) | set(after) if before.get(k) != after.get(k) and k not in shared)
        self.must(not odd, '%s: changed %s' % (args, odd))
        self.must(r.returncode >= 0 and 'Sanitizer' not in err and 'runtime error' not in err,
                  '%s: crashed: %d %s' % (args, r.returncode, err[:2000]))
        return r.returncode, r.stdout.decode('utf8', 'replace'), err

    def refused(self, source, status, name, words='', nobody=False, options=()):
        """As the source of a snapshot, and as either side of a diff and a changelog."""
        for args in (('snapshot', source, '-o', 'x.json'), ('diff', source, self.good),
                     ('diff', self.good, source, '-f', 'json'),
                     ('changelog', self.good, source, '-o', 'x.yaml')):
            rc, out, err = self.run(*args, *options, nobody=nobody)
            what = '%s: %d %s' % (' '.join(args), rc, err.strip())
            self.must(rc == status, '%s, wanted %d' % (what, status))
            self.must(err.startswith('snap: %s: ' % name), '%s, wanted %s' % (what, name))
            self.must(words in err, '%s, wanted "%s"' % (what, words))
            self.must(out == '', '%s: wrote %s' % (what, out[:200]))
            self.must(os.listdir(self.out) == [], '%s: left %s' % (what, os.listdir(self.out)))

    def read(self, source, paths, ledger=(), nobody=False):
        """Is read; holds just these facts (columns left out) and these entries of the ledger."""
        rc, out, err = self.run('snapshot', source, nobody=nobody)
        self.must(rc == 0, 'snapshot %s: %d %s' % (source, rc, err))
        if rc == 0:
            data = json.loads(out)
            have = [o['path'] for o in data['objects'] if '/column:' not in o['path']]
            self.must(have == list(paths), '%s: %s, wanted %s' % (source, have, paths))
            names = [o['name'] for o in data['ledger']]
            self.must(names == list(ledger), '%s: ledger %s, wanted %s' % (source, names, ledger))
        rc, _, err = self.run('diff', source, self.good, nobody=nobody)
        self.must(rc == (3 if ledger else 1), 'diff %s: %d %s' % (source, rc, err))
        self.must(os.listdir(self.out) == [], '%s: left %s' % (source, os.listdir(self.out)))


USUAL = ('table:t', 'table:t/index:i', 'view:v')


# What is no database

@case
def missing_files_are_not_made(b):
    for source in ('no.db', 'folder/no.db', 'sqlite:no.db', 'jdbc:sqlite:no.db'):
        place = source.replace('no.db', b.path('no.db')) if '/' not in source else \
            b.path(source)
        b.refused(place, 5, 'NO_SUCH_FILE')


@case
def folders_pipes_devices_and_loops_are_named(b):
    os.mkdir(b.path('folder'))
    os.mkfifo(b.path('fifo'))
    os.symlink('loop', b.path('loop'))
    os.symlink('nothing-there', b.path('dangling'))
    b.refused('sqlite:' + b.path('folder'), 5, 'NO_SUCH_FILE', 'holds no .sql file')
    b.refused('sqlite:' + b.path('fifo'), 5, 'CANNOT_OPEN', 'no regular file')
    b.refused(b.path('loop'), 5, 'CANNOT_OPEN')
    b.refused(b.path('dangling'), 5, 'NO_SUCH_FILE')
    for device in ('/dev/zero', '/dev/full', '/dev/null'):
        b.refused('sqlite:' + device, 5, 'CANNOT_OPEN', 'no regular file')
        b.refused(device, 5, 'CANNOT_OPEN')


@case
def an_empty_file_is_an_empty_database(b):
    open(b.path('empty.db'), 'w').close()
    b.read(b.path('empty.db'), ())
    rc, out, _ = b.run('diff', b.path('empty.db'), 'empty')
    b.must(rc == 0 and 'are the same: 0 facts' in out, 'empty file: %d %s' % (rc, out))


@case
def other_files_are_no_databases(b):
    noise = random.Random(1)
    for name, data in (('text', b'hello\n'), ('noise', noise.randbytes(8192)),
                       ('encrypted', noise.randbytes(4096 * 3)), ('short', b'SQLite format'),
                       ('zeros', bytes(4096)), ('gz', b'\x1f\x8b\x08' + noise.randbytes(300))):
        with open(b.path(name), 'wb') as f:
            f.write(data)
        b.refused('sqlite:' + b.path(name), 5, 'NOT_A_DATABASE')
        b.refused(b.path(name), 5, 'NOT_A_DATABASE')


# Damage

def patched(b, name, offset, data):
    path = b.db(name)
    with open(path, 'r+b') as f:
        f.seek(offset)
        f.write(data)
    return path


@case
def a_damaged_header_is_named(b):
    b.refused(patched(b, 'size.db', 16, b'\x00\x03'), 5, 'NOT_A_DATABASE')
    b.refused(patched(b, 'magic.db', 15, b'\x01'), 5, 'NOT_A_DATABASE')
    b.refused(patched(b, 'fractions.db', 21, b'\x07\x07\x07'), 5, 'NOT_A_DATABASE')
    b.refused(patched(b, 'format.db', 44, b'\x00\x00\x00\x63'), 3, 'CORRUPT', 'unsupported file format')


@case
def a_damaged_schema_page_is_named(b):
    b.refused(patched(b, 'type.db', 100, b'\x00'), 3, 'CORRUPT')
    b.refused(patched(b, 'cells.db', 103, b'\xff\xff'), 3, 'CORRUPT')
    b.refused(patched(b, 'pointer.db', 108, b'\x00\x01'), 3, 'CORRUPT')


@case
def flipped_bits_never_crash(b):
    path, chance = b.db('whole.db'), random.Random(7)
    with open(path, 'rb') as f:
        whole = f.read()
    seen = {}
    for i in range(60):
        data = bytearray(whole)
        for _ in range(1 + i % 3):
            data[chance.randrange(100, 108) if i % 4 == 0 else chance.randrange(3700, 4096)] ^= \
                1 << chance.randrange(8)
        with open(b.path('flipped.db'), 'wb') as f:
            f.write(data)
        rc, out, err = b.run('snapshot', b.path('flipped.db'))
        seen[rc] = seen.get(rc, 0) + 1
        b.must(rc in (0, 3, 5), 'flip %d: %d %s' % (i, rc, err))
        b.must(rc == 0 or (out == '' and err.startswith('snap: ')), 'flip %d: %s' % (i, err))
    b.must(set(seen) >= {0, 3}, 'flips gave only %s' % seen)


@case
def truncated_files_are_named(b):
    statements = ['CREATE TABLE t%d (%s)' % (i, ', '.join('column_%d' % k for k in range(40)))
                  for i in range(40)]
    path = b.db('whole.db', *statements)
    with open(path, 'rb') as f:
        data = f.read()
    for keep in (50, 99, 4096, len(data) // 2):
        cut = b.path('cut%d.db' % keep)
        with open(cut, 'wb') as f:
            f.write(data[:keep])
        b.refused(cut, 3, 'CORRUPT')


# A catalog that somebody wrote to

@case
def malformed_rows_are_named_and_lenient_reads_the_rest(b):
    rest = ('table:t', 'table:t/index:i')
    for name, statement, subject, paths, ledger in (
            ('no_sql', "UPDATE sqlite_schema SET sql = 'not sql' WHERE name = 'v'", 'v', rest, ['v']),
            ('blob', "UPDATE sqlite_schema SET sql = x'ff00fe' WHERE name = 'v'", 'v', rest, ['v']),
            ('null_view', "UPDATE sqlite_schema SET sql = NULL WHERE name = 'v'", 'v', rest, ['v']),
            ('null_table', "UPDATE sqlite_schema SET sql = NULL WHERE name = 't'", 't', ['view:v'],
             ['i', 't']),
            ('half', "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(' WHERE name = 't'", 't',
             ['view:v'], ['i', 't']),
            ('kind', "UPDATE sqlite_schema SET type = 'thing' WHERE name = 'v'", 'v', rest, ['v']),
            ('verb', "UPDATE sqlite_schema SET sql = 'DROP TABLE t' WHERE name = 'v'", 'v', rest,
             ['v']),
            ('attach', "UPDATE sqlite_schema SET sql = 'ATTACH ''made.db'' AS m' WHERE name = 'v'",
             'v', rest, ['v']),
            ('page', "UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 't'", 't', USUAL, []),
            ('no_column', "UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON t(x)' WHERE name = 'i'",
             'i', USUAL, [])):
        path = b.hostile(name + '.db', statement)
        b.refused(path, 3, 'MALFORMED_SCHEMA', '(%s)' % subject)
        b.read('sqlite:%s?lenient=1' % path, paths, ledger)
    path = b.hostile('twice.db', "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema "
                                 "WHERE name = 't'")
    b.refused(path, 3, 'MALFORMED_SCHEMA', 'already exists')
    b.refused('sqlite:%s?lenient=1' % path, 3, 'SNAPSHOT_DUPLICATE')


@case
def a_trigger_on_a_missing_table_is_named(b):
    path = b.hostile('trigger.db', "INSERT INTO sqlite_schema VALUES ('trigger', 'tr', 'gone', 0, "
                                   "'CREATE TRIGGER tr AFTER INSERT ON gone BEGIN SELECT 1; END')")
    b.refused(path, 3, 'MALFORMED_SCHEMA', '(tr)')
    b.read('sqlite:%s?lenient=1' % path, ('table:gone/trigger:tr', *USUAL))


@case
def views_in_a_circle_and_broken_ones_are_read(b):
    b.read(b.db('circle.db', 'CREATE VIEW a AS SELECT * FROM b', 'CREATE VIEW b AS SELECT * FROM a',
                'CREATE VIEW c AS SELECT x FROM nowhere', 'CREATE TABLE t (x)',
                'CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO nowhere VALUES (1); END'),
           ('table:t', 'table:t/trigger:tr', 'view:a', 'view:b', 'view:c'))


@case
def unknown_functions_collations_and_modules_are_read(b):
    path = b.path('unknown.db')
    con = sqlite3.connect(path, isolation_level=None)
    con.create_function('mine', -1, lambda *a: 1, deterministic=True)
    con.create_collation('ours', lambda x, y: (x > y) - (x < y))
    for one in ('CREATE TABLE t (a TEXT COLLATE ours CHECK (mine(a) > 0), g AS (mine(a)))',
                'CREATE INDEX i ON t (mine(a), a COLLATE ours) WHERE mine(a) = 1',
                'CREATE VIEW v AS SELECT mine(a) FROM t ORDER BY a COLLATE ours',
                'PRAGMA writable_schema = on',
                "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, "
                "'CREATE VIRTUAL TABLE x USING nobodys_module(a, b)')"):
        con.execute(one)
    con.close()
    checks = [p for p in json.loads(b.run('snapshot', path)[1])['objects'] if '/check:' in p['path']]
    b.must(len(checks) == 1, 'the CHECK is not read: %s' % checks)
    b.read(path, ('table:t', checks[0]['path'] if checks else '', 'table:t/index:i', 'view:v',
                  'virtual_table:x'))


@case
def names_of_a_megabyte_and_names_that_are_no_text(b):
    name = 'n' * 1000000
    b.read(b.hostile('long.db', "INSERT INTO sqlite_schema VALUES ('view', '%s', '%s', 0, "
                                "'CREATE VIEW %s AS SELECT 1')" % (name, name, name)),
           ('table:t', 'table:t/index:i', 'view:' + name, 'view:v'))
    path = b.path('bytes.db')
    subprocess.run(['sqlite3', path], input=b'CREATE TABLE t (a); CREATE TABLE "\xff\xfe" (a);'
                   b'CREATE VIEW v AS SELECT \'\xc3\x28\' AS x;', check=True)
    b.read(path, ('table:t',), ('\\xff\\xfe', 'v'))
    rc, _, err = b.run('snapshot', path, '--strict')
    b.must(rc == 3 and err.startswith('snap: UNMODELLED: '), 'strict: %d %s' % (rc, err))


@case
def utf_16_is_read(b):
    for encoding in ('UTF-16le', 'UTF-16be'):
        b.read(b.db(encoding + '.db', "PRAGMA encoding = '%s'" % encoding,
                    'CREATE TABLE "stra\u00dfe \U0001f680" (a)'),
               ('pragma:encoding', 'table:stra\u00dfe \U0001f680'))


# Locks, journals and logs

class Holder:
    """Another process that has a database open: this one would lose its locks when it reads the
    file to look for changes."""

    def __init__(self, path, *statements):
        self.shell = subprocess.Popen(['sqlite3', path], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.tell(*statements)

    def tell(self, *statements):
        for one in statements + ("SELECT 'done'",):
            self.shell.stdin.write(one.encode() + b';\n')
        self.shell.stdin.flush()
        while self.shell.stdout.readline() not in (b'done\n', b''):
            pass

    def close(self):
        self.shell.communicate()


@case
def a_writer_that_locks_is_waited_for_and_named(b):
    path = b.db('locked.db')
    con = Holder(path, 'BEGIN EXCLUSIVE')
    start = time.monotonic()
    rc, out, err = b.run('snapshot', path, '--timeout', '1500ms')
    took = time.monotonic() - start
    b.must(rc == 6 and err.startswith('snap: BUSY: ') and not out, 'locked: %d %s' % (rc, err))
    b.must(took >= 1.4, 'locked: waited only %.1f seconds' % took)
    b.refused(path, 6, 'BUSY', options=('--timeout', '100ms'))
    con.tell('ROLLBACK', 'BEGIN IMMEDIATE')  # a writer that has not begun to write stops nobody
    b.read(path, USUAL)
    con.close()


@case
def a_hot_journal_is_left_alone(b):
    work = b.db('work.db', 'CREATE TABLE t (a, b)')
    con = sqlite3.connect(work, isolation_level=None)
    con.executemany('INSERT INTO t VALUES (?, ?)', [(i, 'x' * 500) for i in range(400)])
    con.execute('PRAGMA cache_size = 1')
    con.execute('BEGIN')
    con.execute("UPDATE t SET b = b || 'y'")
    hot = b.path('hot.db')
    shutil.copy(work, hot)
    shutil.copy(work + '-journal', hot + '-journal')
    con.execute('ROLLBACK')
    con.close()
    b.refused(hot, 5, 'CANNOT_OPEN', 'journal')
    b.read('sqlite:%s?immutable=1' % hot, ('table:t',))
    con = sqlite3.connect(hot)  # it was still there to be rolled back
    n = con.execute("SELECT count(*) FROM t WHERE b LIKE '%y'").fetchone()[0]
    con.close()
    b.must(n == 0 and not os.path.exists(hot + '-journal'), 'the journal did not survive')


def wal_files(b):
    """wal.db with a log that holds a table, held open."""
    return Holder(b.path('wal.db'), 'PRAGMA journal_mode = wal', 'CREATE TABLE old (a)',
                  'PRAGMA wal_checkpoint(truncate)', 'CREATE TABLE in_log (a)')


@case
def a_log_in_use_is_read(b):
    con = wal_files(b)
    names = sorted(os.listdir(b.data))
    b.must(names == ['wal.db', 'wal.db-shm', 'wal.db-wal'], 'the case lacks its files: %s' % names)
    rc, out, err = b.run('snapshot', b.path('wal.db'), shared=('wal.db-shm',))
    b.must(rc == 0 and 'table:in_log' in out, 'log: %d %s %s' % (rc, out, err))
    rc, out, err = b.run('snapshot', 'sqlite:%s?immutable=1' % b.path('wal.db'))
    b.must(rc == 0 and 'table:in_log' not in out and 'table:old' in out, 'immutable: %s' % out)
    con.close()


@case
def a_log_without_its_index_is_read(b):
    con = wal_files(b)
    os.mkdir(b.path('copy'))
    for name in ('wal.db', 'wal.db-wal'):
        shutil.copy(b.path(name), b.path('copy'))
    con.close()
    # SQLite may make the index of the log, and so touch the folder; nothing else
    before = state(b.path('copy'))
    rc, out, err = b.run('snapshot', os.path.join(b.path('copy'), 'wal.db'),
                         shared=('copy', 'copy/wal.db-shm'))
    b.must(rc == 0 and 'table:in_log' in out, 'log: %d %s %s' % (rc, out, err))
    after = state(b.path('copy'))
    b.must({k: after.get(k) for k in before} == before, 'the log was touched')
    b.must(set(after) - set(before) <= {'wal.db-shm'}, 'made %s' % (set(after) - set(before)))


@case
def wal_mode_without_a_log_leaves_nothing_behind(b):
    wal_files(b).close()
    b.must(os.listdir(b.data) == ['wal.db'], 'the case has a log: %s' % os.listdir(b.data))
    b.read(b.path('wal.db'), ('table:in_log', 'table:old'))


@case
def wal_mode_in_a_folder_that_cannot_be_written(b):
    con = wal_files(b)
    os.mkdir(b.path('closed'))
    for name in ('wal.db', 'wal.db-wal'):
        shutil.copy(b.path(name), b.path('closed'))
    con.close()
    os.mkdir(b.path('clean'))
    shutil.copy(b.path('wal.db'), b.path('clean'))
    for folder in ('closed', 'clean'):
        for name in os.listdir(b.path(folder)):
            os.chmod(os.path.join(b.path(folder), name), 0o444)
        os.chmod(b.path(folder), 0o555)
    path = os.path.join(b.path('closed'), 'wal.db')
    b.refused(path, 5, 'CANNOT_OPEN', 'write-ahead log', nobody=True)
    b.read('sqlite:%s?immutable=1' % path, ('table:old',), nobody=True)
    b.read(os.path.join(b.path('clean'), 'wal.db'), ('table:in_log', 'table:old'), nobody=True)
    for folder in ('closed', 'clean'):
        os.chmod(b.path(folder), 0o755)


@case
def files_without_rights_are_named(b):
    path = b.db('secret.db')
    os.chmod(path, 0)
    b.refused(path, 5, 'CANNOT_OPEN', 'Permission denied', nobody=True)
    os.chmod(path, 0o444)
    b.read(path, USUAL, nobody=True)
    os.mkdir(b.path('inside'))
    shutil.copy(path, b.path('inside'))
    os.chmod(b.path('inside'), 0)
    b.refused(os.path.join(b.path('inside'), 'secret.db'), 5, 'CANNOT_OPEN', nobody=True)
    os.chmod(b.path('inside'), 0o755)


# What a schema would have run

@case
def nothing_in_a_schema_is_run(b):
    made = os.path.join(b.out, 'made')
    path = b.path('evil.db')
    con = sqlite3.connect(path, isolation_level=None)
    con.create_function('load_extension', 1, lambda a: 1, deterministic=True)
    con.create_function('writefile', 2, lambda a, c: 1, deterministic=True)
    call = "writefile('%s', 'x')" % made
    for one in ("CREATE TABLE t (a DEFAULT (load_extension('%s')), b CHECK (%s), c AS (%s))"
                % (made, call, call),
                'CREATE INDEX i ON t (%s)' % call,
                'CREATE VIEW v AS SELECT %s, load_extension(\'%s\') FROM t' % (call, made),
                'CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT %s; DELETE FROM t; END' % call,
                'CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN SELECT %s; END' % call,
                'INSERT INTO t (b) VALUES (1)', 'DROP TRIGGER tr', 'INSERT INTO t (a, b) VALUES (2, 1)'):
        con.execute(one)
    con.close()
    for args in (('snapshot', path), ('diff', b.good, path),
                 ('changelog', b.good, path, '-o', 'up.sql'), ('changelog', path, b.good, '-o', 'x.sql')):
        rc, _, err = b.run(*args)
        b.must(rc in (0, 1, 3), '%s: %d %s' % (args, rc, err))
        b.must(not os.path.exists(made), '%s: something was run' % (args,))


@case
def a_script_makes_no_files(b):
    for name, sql in (('attach', "ATTACH 'made.db' AS m; CREATE TABLE m.t (a);"),
                      ('attach_said', "ATTACH 'made' || '.db' AS m;"),
                      ('vacuum', "CREATE TABLE t (a); VACUUM INTO 'made.db';"),
                      ('vacuum_said', "CREATE TABLE t (a); VACUUM INTO 'made' || '.db';"),
                      ('load', "SELECT load_extension('made.so');")):
        with open(b.path(name + '.sql'), 'w', encoding='utf8') as f:
            f.write(sql)
        b.refused('sqlite:' + b.path(name + '.sql'), 3, 'MALFORMED_SCHEMA')
    with open(b.path('plain.sql'), 'w', encoding='utf8') as f:
        f.write('CREATE TABLE t (a); INSERT INTO t VALUES (1); VACUUM;')
    b.read('sqlite:' + b.path('plain.sql'), ('table:t',))


@case
def a_source_is_never_written_over(b):
    path = b.db('mine.db')
    os.link(path, b.path('again.db'))
    os.symlink('mine.db', b.path('alias.db'))
    for target in ('mine.db', 'again.db', 'alias.db'):
        for args in (('snapshot', path, '-o', b.path(target)),
                     ('diff', path, b.good, '-o', b.path(target)),
                     ('changelog', b.good, path, '-o', b.path(target), '--format', 'sql')):
            rc, _, err = b.run(*args)
            b.must(rc == 2 and err.startswith('snap: PROTECTED: '), '%s: %d %s' % (args, rc, err))
    rc, _, err = b.run('diff', path, b.path('alias.db'))
    b.must(rc == 2 and err.startswith('snap: SAME_SOURCE: '), 'alias: %d %s' % (rc, err))
    b.db('other.db')
    rc, _, err = b.run('snapshot', path, '-o', b.path('other.db'))
    b.must(rc == 2 and err.startswith('snap: PROTECTED: '), 'other: %d %s' % (rc, err))


# Size and time

@case
def fifty_thousand_objects_are_read(b):
    path = b.path('many.db')
    con = sqlite3.connect(path, isolation_level=None)
    con.execute('BEGIN')
    for i in range(12500):
        con.execute('CREATE TABLE t%d (a INTEGER PRIMARY KEY, b)' % i)
        con.execute('CREATE INDEX i%d ON t%d (b)' % (i, i))
    con.execute('COMMIT')
    con.close()
    start = time.monotonic()
    rc, out, err = b.run('snapshot', path, seconds=300)
    took = time.monotonic() - start
    b.must(rc == 0 and out.count('\n{"path":') == 62500, '%d, %d facts, %s' %
           (rc, out.count('\n{"path":'), err))
    b.must(took < 120, '%.0f seconds' % took)


@case
def views_that_grow_without_end_are_cut_short(b):
    statements = ['CREATE TABLE v0 (a)']
    for i in range(1, 41):
        statements.append('CREATE VIEW v%d AS SELECT * FROM v%d UNION ALL SELECT * FROM v%d'
                          % (i, i - 1, i - 1))
    statements.append('CREATE TRIGGER tr INSTEAD OF UPDATE ON v40 BEGIN SELECT 1; END')
    path = b.db('views.db', *statements)
    start = time.monotonic()
    rc, _, err = b.run('snapshot', path, '--timeout', '1s')
    b.must(rc == 6 and err.startswith('snap: TIMEOUT: '), '%d %s' % (rc, err))
    b.must(time.monotonic() - start < 60, 'took %.0f seconds' % (time.monotonic() - start))


def main():
    args = sys.argv[1:]
    only = args[args.index('--only') + 1] if '--only' in args else ''
    if not args or not os.path.exists(args[0]):
        sys.exit(__doc__)
    top = tempfile.mkdtemp(prefix='snap-files-')
    os.chmod(top, 0o755)
    snap = shutil.copy(args[0], os.path.join(top, 'snap'))  # where everybody can run it
    os.chmod(snap, 0o755)
    failed = count = 0
    for function in CASES:
        if only not in function.__name__:
            continue
        box = Box(snap)
        try:
            function(box)
        except (OSError, sqlite3.Error, ValueError, subprocess.SubprocessError) as e:
            box.wrong.append('%s: %s' % (type(e).__name__, e))
        shutil.rmtree(box.top, ignore_errors=True)
        count += 1
        failed += bool(box.wrong)
        for text in box.wrong[:20]:
            print('%s: %s' % (function.__name__, text))
    shutil.rmtree(top, ignore_errors=True)
    print('files: %d cases, %d checks, %d failed' % (count, Box.checks, failed))
    return 1 if failed or not count else 0


if __name__ == '__main__':
    sys.exit(main())
