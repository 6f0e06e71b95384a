#!/usr/bin/env python3
"""Snapshots of a database that another session changes all the time, on MySQL and MariaDB.

usage: mysql_torn.py SNAP [--server URL] [--count N]

A writer goes round a circle of states, one statement each, of which none can be seen half done. The snapshot of each
state is taken first, with the writer at rest. Then N snapshots (30) are taken while it runs: each must be one of
those, byte for byte, or the command must end with TORN or BUSY (3). The servers are SNAP_TEST_MYSQL_URL and
SNAP_TEST_MARIADB_URL, or the one that is named.
"""
import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

DB, PAIRS = 'snap_test_torn', 20
PAUSES = [0, 0, 0, 0.01, 0.05, 0.2]
BEGIN = ''.join('CREATE TABLE p%02d (a int, KEY (a)); CREATE TABLE q%02d (b varchar(10)) COMMENT "%d";' % (i, i, i)
                for i in range(PAIRS)) + '''
CREATE TABLE m (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT 1 AS c;
CREATE TRIGGER r BEFORE INSERT ON m FOR EACH ROW SET NEW.id = 1; CREATE PROCEDURE f() SELECT 1;
'''
# the names of two tables each, from the first that is read to the last, change places at once
SWAP = 'RENAME TABLE ' + ', '.join('p%02d TO x%02d, q%02d TO p%02d, x%02d TO q%02d' % ((i,) * 6) for i in range(PAIRS)) + ';'
# in the same second, and in MySQL without another time of change
STEPS = [SWAP, 'ALTER TABLE m RENAME COLUMN a TO b;', 'CREATE OR REPLACE VIEW v AS SELECT 2 AS c;', 'CREATE TABLE b0 (a int);',
         SWAP, 'ALTER TABLE m RENAME COLUMN b TO a;', 'CREATE OR REPLACE VIEW v AS SELECT 1 AS c;', 'DROP TABLE b0;',
         'ALTER TABLE q00 COMMENT "x";', 'DROP TRIGGER r;', 'ALTER TABLE q00 COMMENT "0";',
         'CREATE TRIGGER r BEFORE INSERT ON m FOR EACH ROW SET NEW.id = 1;']


class Server:
    def __init__(self, url):
        parts = urlsplit(url)
        self.url = url.rstrip('/') + '/' + DB
        self.argv = ['mariadb', '--no-defaults', '--ssl=0', '-h' + parts.hostname, '-P%d' % parts.port, '-uroot']

    def sql(self, text, database=DB):
        subprocess.run(self.argv + [database], input=text, text=True, check=True, stdout=subprocess.DEVNULL)

    def writer(self):
        return subprocess.Popen(self.argv + ['-n', DB], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def snapshot(snap, server, *options):
    r = subprocess.run([snap, 'snapshot', server.url, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return r.returncode, hashlib.sha256(r.stdout).hexdigest(), r.stderr.decode(errors='replace')


def learn(snap, server):
    """The snapshot of every state; the second time round must give the same ones."""
    known = {}
    for i in range(2 * len(STEPS)):
        code, digest, err = snapshot(snap, server)
        if code:
            sys.exit('state %d: %s' % (i, err))
        if known.setdefault(i % len(STEPS), digest) != digest:
            sys.exit('state %d has two snapshots' % (i % len(STEPS)))
        server.sql(STEPS[i % len(STEPS)])
    # a comment that comes and goes leaves two states the same but for the trigger
    if len(set(known.values())) < len(STEPS) - 1:
        sys.exit('two states have one snapshot')
    return set(known.values())


def write(out, rng, stop):
    """Round and round. Its pauses are drawn so that some reads find quiet and some do not."""
    at = 0
    try:
        while not stop.is_set():
            out.stdin.write('%s SELECT SLEEP(%.3f);\n' % (STEPS[at % len(STEPS)], rng.choice(PAUSES)))
            out.stdin.flush()
            at += 1
    except OSError:
        pass  # the writer has ended, which the other thread tells


def judge(snap, url, count):
    server = Server(url)
    server.sql('DROP DATABASE IF EXISTS %s; CREATE DATABASE %s' % (DB, DB), '')
    server.sql(BEGIN)
    known, seen, torn, wrong = learn(snap, server), set(), 0, 0
    right, start, rng = 0, time.monotonic(), random.Random(1)
    out, stop = server.writer(), threading.Event()
    feeder = threading.Thread(target=write, args=(out, random.Random(2), stop), daemon=True)
    feeder.start()
    for n in range(count):
        code, digest, err = snapshot(snap, server, '--retries', str(rng.choice([1, 1, 3])))
        if code == 0 and digest in known:
            right += 1
            seen.add(digest)
        elif code == 3 and err.startswith(('snap: TORN: ', 'snap: BUSY: ')):
            torn += 1
        else:
            wrong += 1
            print('FAILED: snapshot %d ends with %d: %s' % (n, code, err.strip() or 'a state that never was'), flush=True)
    if out.poll() is not None:
        sys.exit('the writer has ended')
    stop.set()
    out.kill()
    out.wait()
    feeder.join()
    # a test in which everything was torn shows nothing
    few = right < count // 10 or len(seen) < 3
    if few:
        print('FAILED: the writer is too slow or too fast: %d right of %d states, %d torn' % (right, len(seen), torn))
    server.sql('DROP DATABASE ' + DB, '')
    print('mysql_torn: %d snapshots in %d s: %d right, %d torn, %d wrong' % (count, time.monotonic() - start, right, torn, wrong))
    return wrong or few, torn


def main():
    args = sys.argv[1:]
    count = int(args[args.index('--count') + 1]) if '--count' in args else 30
    urls = [args[args.index('--server') + 1]] if '--server' in args else [
        os.environ[v] for v in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    told = [judge(os.path.abspath(args[0]), url, count) for url in urls]
    if not any(torn for _, torn in told):
        sys.exit('FAILED: nothing was torn')
    sys.exit(1 if any(bad for bad, _ in told) else 0)


main()
