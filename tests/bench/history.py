#!/usr/bin/env python3
"""A year of nightly checks over 5,000 tables with one change a night: the size of the history as a
ratio of one snapshot file, and how long it takes to read, as a ratio of reading that file.

usage: history.py TOOL SNAP FOLDER [TABLES [NIGHTS]]

A figure over its bar is marked; only an answer that is wrong fails. With SNAP_TEST_POSTGRESQL_URL the
same is done on that server, without a bar for the size.
"""
import os
import resource
import shutil
import subprocess
import sys
import time

from bench import make_snapshot  # a table: 8 columns, 3 indexes, two keys, 14 facts

TOOL, SNAP, FOLDER = sys.argv[1:4]
TABLES = int(sys.argv[4]) if len(sys.argv) > 4 else 5000
NIGHTS = int(sys.argv[5]) if len(sys.argv) > 5 else 365
URL = os.environ.get('SNAP_TEST_POSTGRESQL_URL', '')


def timed(*argv, runs=5):
    """The best of some runs, in ms of the processor, which other programs do not lengthen, and what
    the last one wrote. A server's work is not in it."""
    best = None
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(argv, check=True, capture_output=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
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
    assert out.count(b'\n{"path"') == TABLES * 14, out[:300]
    took, out = timed(TOOL, 'show', place, 'prod', '2026-01-01', runs=1)
    with open(snapshot, 'rb') as f:
        assert out == f.read(), 'the first night is not what was recorded'
    took, _ = timed(TOOL, 'check', place, runs=1)
    row('every fingerprint checked', '%.0f ms' % took, False)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    snapshot, place = os.path.join(FOLDER, 'history.json'), os.path.join(FOLDER, 'history.db')
    twin = os.path.join(FOLDER, 'twin.json')
    make_snapshot(SNAP, snapshot, TABLES, False)
    shutil.copy(snapshot, twin)
    for name in (place, place + '-wal', place + '-shm'):
        if os.path.exists(name):
            os.remove(name)
    base, _ = timed(SNAP, 'diff', snapshot, twin)
    print('history: %d tables, %d nights, one change a night; snapshot %.2f MB, compared with a copy in %.0f ms'
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
