#!/usr/bin/env python3
"""How a nightly check ends: every class of failure with its exit status, its name and words of its message. What could not
be told is never 0 and never 1, and standard output is empty then. The table is that of docs/drift.md, which is held
against what is tried here. usage: drift_exits.py SNAP [--postgresql]: with the server of SNAP_TEST_POSTGRESQL_URL, what needs one"""
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time

from folder import Folder, clean
from moments import catches, until

SNAP = os.path.abspath(sys.argv[1])
DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/drift.md')
PLACE = Folder('drift exits')
FOLDER, check, at, put, text_of, sql = PLACE.path, PLACE.check, PLACE.at, PLACE.put, PLACE.text, PLACE.sql
CLEAN = clean(HOME=FOLDER)
TRIED = set()


def start(*args, env=None, limit=None):
    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.Popen([SNAP, 'drift', *args], cwd=FOLDER, env=dict(CLEAN, **(env or {})), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=small if limit is not None else None)


def ends(what, want, name, words, *args, **how):
    """One run: exit status, the error's name, words of the message. `name` None: there is no error."""
    proc = start(*args, **how)
    out, err = [b.decode('utf8', 'replace') for b in proc.communicate(timeout=120)]
    good = proc.returncode == want and all(w in err for w in words)
    if name:
        TRIED.add((want, name))
        good = good and ('snap: %s: ' % name in err or ': %s: ' % name in err)
        good = good and (out == '' or name in ('NOTIFY_FAILED', 'PARTIAL', 'WRITE_FAILED', 'PROTECTED'))
    else:
        TRIED.add((want, ''))
        good = good and err == '' and bool(out) == (want == 1)
    check(good, '%s: exit %d, wanted %d %s %s' % (what, proc.returncode, want, name or '', words), '\n' + out + err)


def fresh(more=''):
    shutil.rmtree(at('.snap'), ignore_errors=True)
    for name in ['prod.db', 'base.json']:
        if os.path.exists(at(name)):
            os.unlink(at(name))
    sql('prod.db', 'CREATE TABLE orders(id INTEGER PRIMARY KEY, note TEXT)')
    subprocess.run([SNAP, 'snapshot', 'prod.db', '-o', 'base.json'], cwd=FOLDER, env=CLEAN, check=True)
    put('snap.yml', 'environments: { prod: { url: "sqlite:prod.db" } }\n'
        'drift: { prod: { baseline: base.json%s } }\n' % more)


def drifted(more=''):
    fresh(more)
    sql('prod.db', 'CREATE TABLE hotfix(x)')


def answers():
    fresh()
    ends('nothing moved', 0, None, [])
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    ends('drift', 1, None, [])
    ends('drift that fails nothing', 0, None, [], '--fail-on', 'never', '--history', 'none')


def settings():
    fresh()
    ends('an unknown option', 2, 'UNKNOWN_OPTION', ['--nonsense'], '--nonsense')
    ends('a time that is none', 2, 'BAD_VALUE', ['--timeout soon is no time'], '--timeout', 'soon')
    ends('a history of another engine', 2, 'BAD_VALUE', ['cannot be at mysql://...', 'postgresql://'], '--history', 'mysql://a:geheim@h/x')
    check(not os.path.exists(at('mysql:')), 'no folder is made of it')
    ends('the database as its own baseline', 2, 'SAME_SOURCE', ['two different sources'], 'prod', '--baseline', 'prod.db')
    ends('a revision that is none', 3, 'GIT', ['git:nosuch:'], '--baseline', 'git:nosuch:base.json')
    put('half.json', text_of('base.json')[:200])
    ends('a snapshot that ends early', 3, 'SNAPSHOT_SYNTAX', ['make it again'], '--baseline', 'half.json')
    put('two.yml', 'version: 1\nenvironments:\n  a: { url: "sqlite:prod.db" }\n  b: { url: "sqlite:gone.db" }\n'
        'drift:\n  a: { baseline: base.json, history: none }\n  b: { baseline: base.json, history: none }\n')
    ends('one of two is not there', 6, 'PARTIAL', ['snap: b: NO_SUCH_FILE', '      looked for '], '-c', 'two.yml')
    put('file', '')
    ends('a file where a folder is wanted', 3, 'WRITE_FAILED', ['needs a folder there'], '--history', 'file/history.db')
    ends('ways out of two', 2, 'USAGE', ['snap drift ENV --resolve DIR'], '-c', 'two.yml', '--resolve', 'out')
    ends('no such environment', 2, 'UNKNOWN_ENV', ['prd', 'did you mean prod?'], 'prd', '--baseline', 'base.json')
    ends('no baseline named', 2, 'USAGE', ['has no baseline'], 'prod.db')
    ends('a configuration that is not there', 2, 'NO_CONFIG', ['nowhere.yml'], '-c', 'nowhere.yml')
    put('bad.yml', 'environments: { prod: { url: "sqlite:prod.db" }\n')
    ends('a configuration that is no YAML', 2, 'CONFIG_SYNTAX', ['bad.yml'], '-c', 'bad.yml')
    put('bad.yml', 'environments: { prod: { url: "sqlite:prod.db" } }\ndrift: { prod: { baselin: x } }\n')
    ends('an unknown key', 2, 'CONFIG_KEY', ['bad.yml line 2', 'baselin'], '-c', 'bad.yml')
    put('bad.yml', 'environments: { prod: { url: "postgresql://u:secret@h/x" } }\n')
    ends('a password that others may read', 2, 'CONFIG_SECRET', ['chmod 600'], '-c', 'bad.yml', 'prod', '--baseline', 'base.json')
    ends('a format that is not there', 2, 'UNKNOWN_FORMAT', ['nonsense'], '-f', 'nonsense')
    ends('a report over a database', 2, 'PROTECTED', ['prod.db'], '-o', 'prod.db')
    put('hook.yml', text_of('snap.yml').replace('baseline:', 'webhook: { url_env: NOWHERE }, baseline:'))
    ends('a webhook without its URL', 2, 'CONFIG_SECRET', ['the variable NOWHERE gives no URL'], '-c', 'hook.yml')


def sources():
    fresh()
    os.rename(at('base.json'), at('away.json'))
    ends('the baseline is missing', 5, 'NO_SUCH_FILE', ['base.json'])
    put('base.json', text_of('away.json').replace('"text"', '"blob"', 1))
    ends('the baseline was edited', 3, 'SNAPSHOT_FINGERPRINT', ['base.json'])
    put('base.json', '')
    ends('the baseline is an empty file', 5, 'NOT_A_DATABASE', ['base.json is an empty file'])
    os.rename(at('away.json'), at('base.json'))
    os.rename(at('prod.db'), at('away.db'))
    ends('the database is missing', 5, 'NO_SUCH_FILE', ['prod.db'])
    put('prod.db', 'this is no database, and long enough to be looked at' * 20)
    ends('the database is none', 5, 'NOT_A_DATABASE', ['prod is no SQLite database'])
    os.rename(at('away.db'), at('prod.db'))
    db = sqlite3.connect(at('prod.db'), isolation_level=None)
    db.execute('BEGIN EXCLUSIVE')
    ends('the database is locked', 6, 'BUSY', ['locked', '--timeout'], '--timeout', '300ms')
    db.close()
    put('two.yml', 'environments: { a: { url: "sqlite:prod.db" }, b: { url: "sqlite:nowhere.db" } }\n'
        'drift: { a: { baseline: base.json }, b: { baseline: base.json } }\n')
    ends('one of several', 6, 'PARTIAL', ['1 of 2 targets', 'nowhere.db'], '-c', 'two.yml')


def history():
    drifted()
    ends('drift', 1, None, [])
    db = sqlite3.connect(at('.snap/history.db'), isolation_level=None)
    db.execute('BEGIN IMMEDIATE')
    ends('another check writes', 7, 'HISTORY_LOCKED', ['--lock-wait'], '--lock-wait', '200ms')
    db.close()
    ends('the clock is behind', 3, 'HISTORY_TIME', ['clock'], env={'SOURCE_DATE_EPOCH': '1000000000'})
    whole = open(at('.snap/history.db'), 'rb').read()
    with open(at('.snap/history.db'), 'wb') as f:
        f.write(whole[:100] + bytes(len(whole) - 100))
    ends('the history is damaged', 3, 'HISTORY_CORRUPT', ['history.db'])
    with open(at('.snap/history.db'), 'wb') as f:
        f.write(whole[:len(whole) // 2])
    ends('the history is cut short', 3, 'HISTORY_CORRUPT', ['history.db'])
    put('.snap/history.db', 'this is no database, and long enough to be looked at' * 20)
    proc = start()
    err = proc.communicate()[1].decode()
    check(proc.returncode in (3, 5), 'the history is no database', err)
    with open(at('.snap/history.db'), 'wb') as f:
        f.write(whole)
    db = sqlite3.connect(at('.snap/history.db'))
    version = db.execute('PRAGMA user_version').fetchone()[0]
    db.execute('PRAGMA user_version = %d' % (version + 1000))
    db.commit()
    db.close()
    ends('the history is of a newer snap', 3, 'HISTORY_VERSION', ['newer'])


def full():
    """No room: for the history, the report, the metrics. A limit on the size of files stands for a full disk."""
    drifted()
    ends('a full device', 3, 'WRITE_FAILED', ['/dev/full', 'No space left'], '--history', 'none', '-o', '/dev/full')
    ends('no room for the history', 3, 'WRITE_FAILED', ['history'], limit=8192)
    ends('no room for the report', 3, 'WRITE_FAILED', ['report.txt'], '--history', 'none', '-o', 'report.txt', limit=16)
    ends('no room for metrics', 3, 'WRITE_FAILED', ['x.prom'], '--history', 'none', '--metrics', 'x.prom', limit=64)
    check(not os.path.exists(at('report.txt')) and not os.path.exists(at('x.prom')), 'nothing is half written')
    with open(at('many'), 'w') as f:
        f.write(''.join('t%d=prod.db baseline=base.json\n' % i for i in range(60)))
    proc = start('--targets', 'many', '--history', 'none', limit=4096)
    out, err = proc.communicate(timeout=120)
    check(proc.returncode == 1 and b'drift in 60' in out and b'WRITE_FAILED' not in err, 'no room for what --resume takes', err)
    check(not [n for _, _, names in os.walk(FOLDER) for n in names if n.endswith('.journal')], 'half a journal is not left')
    folder = at('small')
    os.mkdir(folder)
    if os.geteuid() == 0 and subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'none', folder],
                                            stderr=subprocess.DEVNULL).returncode == 0:
        try:
            ends('a full disk', 3, 'WRITE_FAILED', ['history'], '--history', folder + '/history.db')
        finally:
            subprocess.run(['umount', folder], check=True)
    ends('a folder that cannot be made', 3, 'WRITE_FAILED', ['/proc/nowhere'], '--history', '/proc/nowhere/history.db')


def grown():
    """Five nights, each with tables of its own, and a sixth that is still to be checked."""
    fresh()
    for night in range(6):
        sql('prod.db', *['CREATE TABLE t%d_%d(id INTEGER PRIMARY KEY, %s TEXT)' % (night, i, 'a' * 90) for i in range(25)])
        if night < 5:
            start(env={'SOURCE_DATE_EPOCH': str(1800000000 + night * 86400)}).communicate()
    whole = at('.snap/history.db')
    shutil.copy(whole, at('whole.db'))


def last_night(limit=None):
    for name in ['', '-wal', '-shm']:
        if os.path.exists(at('.snap/history.db' + name)):
            os.unlink(at('.snap/history.db' + name))
    shutil.copy(at('whole.db'), at('.snap/history.db'))
    proc = start('--keep', '2', env={'SOURCE_DATE_EPOCH': '1800600000'}, limit=limit)
    out, err = [b.decode('utf8', 'replace') for b in proc.communicate(timeout=120)]
    log = subprocess.run([SNAP, 'log', 'prod', '-f', 'json'], cwd=FOLDER, env=CLEAN, stdout=subprocess.PIPE).stdout.decode()
    return proc.returncode, out, err, log.count('"time":')


def cut():
    """Room for the check and none to cut the history: what was found is told, and what failed."""
    grown()
    code, out, err, states = last_night()
    check(code == 1 and 't5_0' in out and err == '' and states == 2, 'a history is cut', (code, err, states))
    low, high, seen = 36 << 10, 4 << 20, None
    while high - low > 4096 and not seen:
        middle = (low + high) // 2 & ~4095  # a disk is full at the end of a page
        got = last_night(middle)
        if got[0] == 3 and got[3] == 6:
            seen = got
        elif got[0] == 3:
            low = middle
        else:
            high = middle
    check(seen, 'a limit at which only the cut fails', (low, high))
    if seen:
        TRIED.add((3, 'WRITE_FAILED'))
        check('t5_0' in seen[1] and 'drift: prod is not' in seen[1], 'the report is there', seen[1][:300])
        check('snap: WRITE_FAILED: prod: the check is written down' in seen[2] and '--keep' in seen[2], 'and what failed', seen[2])


def telling():
    drifted()
    ends('the command fails', 6, 'NOTIFY_FAILED', ['/bin/false', 'exit status 1', 'next check'], '--notify', '/bin/false')
    put('slow', '#!/bin/sh\nexec sleep 60\n', 0o755)
    ends('the command hangs', 6, 'NOTIFY_FAILED', ['took too long'], '--notify', at('slow'), '--timeout', '3s')
    put('hook.yml', text_of('snap.yml').replace('baseline:', 'webhook: { url_env: HOOK, form: slack }, baseline:'))
    ends('the webhook is down', 6, 'NOTIFY_FAILED', ['webhook (slack)', 'connect'], '-c', 'hook.yml', '--timeout', '3s',
         env={'HOOK': 'http://127.0.0.1:1/s3cr3t'})
    ends('the metrics file is of somebody else', 2, 'PROTECTED', ['snap.yml'], '--metrics', 'snap.yml')
    ends('told at last', 1, None, [], '--notify', '/bin/true')


def silent():
    """A history on a server that takes the connection and says nothing: the budget is that of the history too."""
    fresh()
    server = socket.socket()
    server.bind(('127.0.0.1', 0))
    server.listen(5)
    ends('the history says nothing', 6, 'TIMEOUT', ['the history', 'timeout expired'], '--timeout', '3s', '--history',
         'postgresql://u@127.0.0.1:%d/x' % server.getsockname()[1])
    server.close()


def signals():
    fresh()
    for number, name in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
        proc = start('--jitter', '24h')
        catches(proc, number)
        time.sleep(0.5)
        proc.send_signal(number)
        out, err = proc.communicate(timeout=20)
        TRIED.add((name, 'INTERRUPTED'))
        check(proc.returncode == name and b'snap: INTERRUPTED: ' in err and not out, 'a signal: %d' % name, err)
    check(not os.path.exists(at('.snap')), 'nothing is written down then')


class Refuses:
    """Speaks as much of PostgreSQL's protocol as it takes to refuse a password."""

    def __init__(self):
        self.sock = socket.socket()
        self.sock.bind(('127.0.0.1', 0))
        self.sock.listen(8)
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            c, _ = self.sock.accept()
            try:
                while True:
                    n, code = struct.unpack('>II', c.recv(8))
                    c.recv(n - 8) if n > 8 else b''
                    if code == 196608:
                        break
                    c.send(b'N')
                c.send(b'R' + struct.pack('>II', 8, 3))
                c.recv(1000)
                text = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "snap_ro"\0\0'
                c.send(b'E' + struct.pack('>I', len(text) + 4) + text)
            except (OSError, struct.error):
                pass
            c.close()


def doors():
    """Servers that are none: what a network does."""
    fresh()
    free = socket.socket()
    free.bind(('127.0.0.1', 0))
    ends('the server is down', 5, 'CANNOT_OPEN', ['refused'], 'postgresql://u@127.0.0.1:%d/x' % free.getsockname()[1],
         '--baseline', 'empty')
    ends('the password is refused', 5, 'ACCESS_DENIED', ['password authentication failed'],
         'postgresql://snap_ro:wrong@127.0.0.1:%d/x?sslmode=disable' % Refuses().port, '--baseline', 'empty')
    ends('no TLS', 5, 'TLS_FAILED', [], 'postgresql://snap_ro:wrong@127.0.0.1:%d/x?sslmode=require' % Refuses().port,
         '--baseline', 'empty')
    free.listen(8)
    ends('a server that says nothing', 6, 'TIMEOUT', [], 'postgresql://u@127.0.0.1:%d/x' % free.getsockname()[1],
         '--baseline', 'empty', '--timeout', '2s')


def psql(url, text):
    subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url], input=text.encode(), check=True,
                   stderr=subprocess.PIPE, env=dict(os.environ, PGOPTIONS='-c client_min_messages=warning'))


def servers():
    base = os.environ['SNAP_TEST_POSTGRESQL_URL'].rstrip('/')
    db, role = 'tell_exits', 'tell_exits_ro'
    drop = 'DROP DATABASE IF EXISTS %s WITH (FORCE);\nDROP ROLE IF EXISTS %s;\n' % (db, role)
    url = base + '/' + db
    psql(base + '/postgres', drop)
    psql(base + '/postgres', 'CREATE DATABASE %s;\nCREATE ROLE %s LOGIN;\n' % (db, role))
    reader = re.sub(r'//([^@/]*@)?', '//%s@' % role, url)
    try:
        psql(url, 'CREATE TABLE orders(id int PRIMARY KEY, note text); CREATE INDEX here ON orders(note);')
        subprocess.run([SNAP, 'snapshot', url, '-o', 'pg.json'], cwd=FOLDER, env=CLEAN, check=True)
        ends('nothing moved', 0, None, [], url, '--baseline', 'pg.json')
        ends('no such database', 5, 'CANNOT_OPEN', ['does not exist'], base + '/tell_nowhere', '--baseline', 'pg.json')
        ends('another engine', 3, 'ENGINE_MISMATCH', [], url, '--baseline', 'base.json')
        torn(url)
        locked(url)
        psql(url, 'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;'
             "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (u 'x');")
        ends('a part is hidden', 3, 'HIDDEN', ['user mapping'], reader, '--baseline', 'pg.json')
        ends('drift', 1, None, [], url, '--baseline', 'pg.json')
        lost(url)
        kept(url)
    finally:
        psql(base + '/postgres', drop)


def torn(url):
    """A schema that changes all the time: equal, drift, or TORN, and that at least once."""
    moves = 'ALTER INDEX here RENAME TO there; ALTER INDEX there RENAME TO here;\n' * 200000
    path = at('moves.sql')
    with open(path, 'w', encoding='utf8') as f:
        f.write(moves)
    writer = subprocess.Popen(['psql', '-X', '-q', '-d', url, '-f', path], stderr=subprocess.DEVNULL)
    seen = set()
    try:
        for _ in range(40):
            proc = start(url, '--baseline', 'pg.json', '--retries', '0')
            out, err = proc.communicate(timeout=60)
            seen.add((proc.returncode, err.decode().split(': ')[1] if err else ''))
            if (3, 'TORN') in seen:
                break
    finally:
        writer.kill()
        writer.wait()
    alone(url)
    TRIED.add((3, 'TORN'))
    check((3, 'TORN') in seen and seen <= {(0, ''), (1, ''), (3, 'TORN'), (6, 'BUSY')}, 'a schema that changes meanwhile', seen)
    psql(url, 'ALTER INDEX IF EXISTS there RENAME TO here;')


def alone(url):
    """Until the server has ended the sessions of clients that were killed."""
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    check(until(lambda: subprocess.run(['psql', '-XqAt', '-d', url, '-c', count], stdout=subprocess.PIPE).stdout == b'0\n'),
          'a session stays')


def locked(url):
    holder = subprocess.Popen(['psql', '-X', '-q', '-d', url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdin.write(b'BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;\n\\echo held\n')
    holder.stdin.flush()
    holder.stdout.readline()
    proc = start(url, '--baseline', 'pg.json', '--timeout', '3s')
    begun = time.monotonic()
    out, err = proc.communicate(timeout=60)
    check(proc.returncode in (0, 6) and time.monotonic() - begun < 20, 'a table is locked', err)
    holder.stdin.close()
    holder.wait()


def lost(url):
    """The server ends the session while it is read."""
    stop = threading.Event()

    def end_them():
        while not stop.is_set():
            psql(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                      "AND pid <> pg_backend_pid() \\g /dev/null")
    seen = set()
    t = threading.Thread(target=end_them)
    t.start()
    try:
        for _ in range(30):
            proc = start(url, '--baseline', 'pg.json')
            err = proc.communicate(timeout=60)[1].decode()
            seen.add((proc.returncode, err.split(': ')[1] if err else ''))
            if len(seen) > 1:
                break
    finally:
        stop.set()
        t.join()
    gone = {s for s in seen if s[0] not in (0, 1)}
    TRIED.update({s for s in gone if s[1] == 'CONNECTION_LOST'})
    check(gone and {s[0] for s in gone} == {5}, 'the connection ends', seen)


def kept(url):
    """The history on the server: it can be away, too."""
    place = url.replace('/tell_exits', '/tell_nowhere')
    proc = start(url, '--baseline', 'pg.json', '--history', place)
    err = proc.communicate(timeout=60)[1].decode()
    check(proc.returncode == 5, 'the history is on a server that does not have it', err)


def documented():
    """docs/drift.md: each name that was seen stands in the table, with its exit status."""
    rows = re.findall(r'^\| (\d+) \|.*$', open(DOCS, encoding='utf8').read(), re.M)
    table = {}
    for line in open(DOCS, encoding='utf8'):
        m = re.match(r'\| ([0-9, ]+) \| (.*?) \|', line)
        for name in re.findall(r'`([A-Z_]+)`', m.group(2)) if m else []:
            table[name] = {int(n) for n in m.group(1).split(',')}
    check(rows, 'there is a table')
    for status, name in sorted(TRIED):
        if name:
            check(status in table.get(name, ()), 'docs/drift.md: %d %s' % (status, name), table.get(name))


def half_made(name):
    """A file that SQLite was killed at, before the first commit: pages in it, and a journal to play back."""
    child = os.fork()
    if child == 0:
        db = sqlite3.connect(at(name), isolation_level=None)
        db.execute('PRAGMA cache_size = 1')
        db.execute('BEGIN')
        db.execute('CREATE TABLE t(a)')
        for _ in range(200):
            db.execute('INSERT INTO t VALUES(randomblob(3000))')
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return os.path.getsize(at(name)) > 0 and os.path.getsize(at(name + '-journal')) > 0


def begun():
    """Who was killed while it made the history keeps the next check from nothing."""
    for write in (lambda: half_made('.snap/history.db'), lambda: put('.snap/history.db', '') or True):
        fresh()
        os.mkdir(at('.snap'))
        check(write(), 'a file to begin with')
        r = subprocess.run([SNAP, 'log', 'prod'], cwd=FOLDER, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(r.returncode == 5 and b'NO_SUCH_FILE: the history ' in r.stderr and b' is empty' in r.stderr, 'a reader says so', r.stderr)
        fresh()
        os.mkdir(at('.snap'))
        write()
        ends('a history whose making was killed', 0, None, [])
        r = subprocess.run([SNAP, 'log', '--check'], cwd=FOLDER, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(r.returncode == 0 and b'sound' in r.stdout, 'and it is sound', r.stderr)


def main():
    try:
        fresh()
        parts = [servers] if '--postgresql' in sys.argv else [answers, settings, sources, history, begun, full, cut, telling,
                                                               silent, signals, doors]
        for part in parts:
            part()
        documented()
    finally:
        PLACE.remove()
    return PLACE.end('%d endings, ' % len(TRIED))


if __name__ == '__main__':
    sys.exit(main())
