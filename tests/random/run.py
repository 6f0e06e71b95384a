#!/usr/bin/env python3
"""Random pairs through snap, judged by an observer that is not snap.

usage: run.py SNAP COUNT [SEED]
For each pair, both ways: the diff's exit status is right and mirrors; the changelog is proven; the
script brings the target to the wanted state and the rollback brings it back, with the rows that stay.
"""
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import observer  # noqa: E402
import pairs  # noqa: E402


def snap(*args):
    r = subprocess.run([SNAP, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')


def build(path, sql):
    if os.path.exists(path):
        os.unlink(path)
    con = sqlite3.connect(path, isolation_level=None)
    con.executescript(sql)
    con.execute('vacuum')
    con.close()


def apply(path, script):
    r = subprocess.run(['sqlite3', path], stdin=open(script, 'rb'), stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    return r.stderr.decode('utf8', 'replace').strip() if r.returncode else ''


def judge(folder, x, y):
    """'' or what is wrong."""
    a, b = folder + '/a.db', folder + '/b.db'
    up, down, log = folder + '/up.sql', folder + '/down.sql', folder + '/up.yaml'
    build(a, x)
    build(b, y)
    seen_a, seen_b = observer.see(a), observer.see(b)
    rc, out, err = snap('diff', a, b, '-f', 'json')
    back, _, _ = snap('diff', b, a, '--quiet')
    if rc not in (0, 1) or rc != back:
        return 'diff %d, mirrored %d: %s' % (rc, back, err)
    if rc == 0 and observer.differences(seen_a, seen_b):
        return 'missed %s' % observer.differences(seen_a, seen_b)
    rc, _, err = snap('changelog', a, b, '-o', log)
    if rc:
        return 'changelog %d: %s' % (rc, err)
    rc, out, err = snap('verify', log, '--from', a, '--to', b)
    if rc:
        return 'verify %d: %s%s' % (rc, out, err)
    rc, _, err = snap('changelog', a, b, '-o', up, '--rollback-output', down, '--no-verify')
    if rc:
        return 'script %d: %s' % (rc, err)
    observer.fill(a)
    rows = observer.rows(a)
    error = apply(a, up)
    by_rows = ('snap: ', 'constraint failed', 'cannot store', 'datatype mismatch')
    if error and not any(w in error for w in by_rows):
        return 'apply: ' + error
    if error:  # the rows do not allow it: nothing may have changed
        if observer.see(a) != seen_a or observer.rows(a) != rows:
            return 'a stopped script has changed something: ' + error
        build(a, x)
        rows = {}
        error = apply(a, up)
        if error:
            return 'apply without rows: ' + error
    gone = observer.lost(rows, observer.rows(a))
    if gone:
        return 'lost ' + gone
    if observer.differences(observer.see(a), seen_b):
        return 'wrong %s' % observer.differences(observer.see(a), seen_b)
    rc, out, err = snap('diff', a, b)
    if rc:
        return 'residue %s%s' % (out, err)
    error = apply(a, down)
    if error and rows:
        build(a, x)
        error = apply(a, up) or apply(a, down)
    if error:
        return 'rollback: ' + error
    if observer.differences(observer.see(a), seen_a):
        return 'not back %s' % observer.differences(observer.see(a), seen_a)
    return ''


def main():
    global SNAP
    SNAP, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    start = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(10 ** 6)
    folder = tempfile.mkdtemp(prefix='snap-random-')
    bad = 0
    try:
        for seed in range(start, start + count):
            x, y = pairs.pair(seed)
            for way, p in (('forward', (x, y)), ('reverse', (y, x))):
                why = judge(folder, *p)
                if why:
                    bad += 1
                    print('seed %d %s: %s' % (seed, way, why[:600]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print('random: %d pairs both ways from seed %d, %d wrong' % (count, start, bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
