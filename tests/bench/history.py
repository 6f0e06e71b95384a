#!/usr/bin/env python3
"""A year of nightly checks over 5,000 tables with one change a night: the size of the history as a
ratio of one snapshot file, and how long it takes to read, as a ratio of reading that file.

usage: history.py TOOL SNAP FOLDER [TABLES [NIGHTS]]

A figure over its bar is marked; only an answer that is wrong fails. With SNAP_TEST_POSTGRESQL_URL the
same is done on that server, without a bar for the size.
"""
import os
import sqlite3
import subprocess
import sys
import time

TOOL, SNAP, FOLDER = sys.argv[1:4]
TABLES = int(sys.argv[4]) if len(sys.argv) > 4 else 5000
NIGHTS = int(sys.argv[5]) if len(sys.argv) > 5 else 365
URL = os.environ.get('SNAP_TEST_POSTGRESQL_URL', '')


def make(path):
    """A table, eight columns, a key, a foreign key, two indexes: 13 facts each."""
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path)
    db.execute('BEGIN')
    for i in range(TABLES):
        db.execute('CREATE TABLE t%d(id integer primary key, a int not null default 0, b text collate nocase, '
                   "c numeric(10,2), d varchar(30) default 'x', e real, f blob, g int references t0(id))" % i)
        for column in 'ab':
            db.execute('CREATE INDEX t%d_%s ON t%d(%s)' % (i, column, i, column))
    db.commit()
    db.close()


def timed(*argv, runs=5):
    """The best of some runs, in ms, and what the last one wrote."""
    best = None
    for _ in range(runs):
        begin = time.perf_counter()
        out = subprocess.run(argv, check=True, capture_output=True).stdout
        took = (time.perf_counter() - begin) * 1000
        best = took if best is None else min(best, took)
    return best, out


def row(what, value, bar, of=''):
    print('%-34s %10s %s%s' % (what, value, of, '   OVER THE BAR' if bar else ''), flush=True)


def judge(place, snapshot, base):
    middle = time.strftime('%Y-%m-%d', time.gmtime(1767232800 + NIGHTS // 2 * 86400))
    begin = time.perf_counter()
    subprocess.run([TOOL, 'nights', place, 'prod', snapshot, str(NIGHTS)], check=True, capture_output=True)
    row('nights', '%.1f s' % (time.perf_counter() - begin), False,
        '%.0f ms each' % ((time.perf_counter() - begin) * 1000 / NIGHTS))
    if '://' not in place:
        part = os.path.getsize(place) / os.path.getsize(snapshot)
        row('size', '%.2f MB' % (os.path.getsize(place) / 1e6), part >= 3, '%.2f of one snapshot' % part)
    took, out = timed(SNAP, 'log', 'prod', 't%d' % (TABLES // 2), '--history', place)
    row('snap log OBJECT', '%.0f ms' % took, took >= 100, '%.2f of a summary of the snapshot' % (took / base))
    assert b'first check' in out, out
    took, out = timed(SNAP, 'show', 'prod@' + middle, 't%d' % (TABLES // 2), '--history', place)
    row('snap show ENV@TIME OBJECT', '%.0f ms' % took, took >= 1000, '%.2f' % (took / base))
    took, out = timed(SNAP, 'snapshot', 'history:prod@' + middle, '--history', place, runs=3)
    row('snap snapshot history:ENV@TIME', '%.0f ms' % took, False, '%.2f' % (took / base))
    assert out.count(b'\n{"path"') == TABLES * 13, out[:300]
    took, out = timed(TOOL, 'show', place, 'prod', '2026-01-01', runs=1)
    with open(snapshot, 'rb') as f:
        assert out == f.read(), 'the first night is not what was recorded'
    took, _ = timed(TOOL, 'check', place, runs=1)
    row('every fingerprint checked', '%.0f ms' % took, False)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    schema, snapshot = os.path.join(FOLDER, 'history.schema'), os.path.join(FOLDER, 'history.json')
    place = os.path.join(FOLDER, 'history.db')
    make(schema)
    subprocess.run([SNAP, 'snapshot', schema, '-o', snapshot], check=True, capture_output=True)
    os.remove(schema)
    for name in (place, place + '-wal', place + '-shm'):
        if os.path.exists(name):
            os.remove(name)
    base, _ = timed(SNAP, 'diff', snapshot, snapshot)
    print('history: %d tables, %d nights, one change a night; snapshot %.2f MB, compared with itself in %.0f ms'
          % (TABLES, NIGHTS, os.path.getsize(snapshot) / 1e6, base))
    judge(place, snapshot, base)
    if not URL:
        return
    name = 'snap_bench_%d' % os.getpid()
    server = ['psql', '-qAt', '-c']
    subprocess.run([*server, 'CREATE DATABASE ' + name, URL.rstrip('/') + '/postgres'], check=True)
    try:
        print('the same on PostgreSQL')
        judge(URL.rstrip('/') + '/' + name, snapshot, base)
    finally:
        subprocess.run([*server, 'DROP DATABASE %s WITH (FORCE)' % name, URL.rstrip('/') + '/postgres'], check=True)


main()
