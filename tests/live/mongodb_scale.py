#!/usr/bin/env python3
"""10,000 collections with 5 indexes each: what a snapshot costs in memory and in waits for the server, and a
diff of two of them.

usage: mongodb_scale.py SNAP

The scripted server counts the commands, and how often a client waits for one that is far away. Times are printed and never judged here: that is
`make bench`.
"""
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
from replay import Replay  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
COLLECTIONS, INDEXES, CHANGE = 10000, 5, 1000
CHECKS = FAILED = 0


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


def run(status, *words):
    """Standard output, seconds, peak MiB."""
    with tempfile.NamedTemporaryFile('r') as peak:
        start = time.monotonic()
        r = subprocess.run(['time', '-q', '-f', '%M', '-o', peak.name, SNAP, *words], capture_output=True, text=True)
        took = time.monotonic() - start
        if r.returncode != status:
            raise SystemExit('mongodb_scale: %s: exit %d\n%s' % (' '.join(words), r.returncode, r.stderr[-2000:]))
        return r.stdout, took, int(peak.read()) / 1024


def snapshot(path, change, far=0):
    """Seconds, MiB, and the calls: {connection: [command]}."""
    with Replay(generate='%dx%d' % (COLLECTIONS, INDEXES), change=change, far=far) as server:
        _, took, peak = run(0, 'snapshot', server.url(), '-o', path)
        calls = {}
        for number, name, *_ in server.calls():
            calls.setdefault(number, []).append(name)
    return took, peak, calls


def waits(calls):
    """How often a connection waits for the server at most. Commands on their way together are one wait."""
    names = [name for own in calls.values() for name in own if name != 'answers']
    asked = names.count('listIndexes')
    longest = max(own.count('answers') for own in calls.values())
    # one more where the first one is asked whether it takes an option
    check(asked - COLLECTIONS in (0, 1), '%d times listIndexes' % asked)
    check(names.count('listCollections') <= 2, '%d times listCollections' % names.count('listCollections'))
    check(len(names) - asked < 60, '%d other commands' % (len(names) - asked))
    check(longest < COLLECTIONS / 8, 'one connection waits %d times' % longest)
    return len(calls), longest


def main():
    with tempfile.TemporaryDirectory() as folder:
        a, b = os.path.join(folder, 'a.json'), os.path.join(folder, 'b.json')
        took, peak, _ = snapshot(a, 0)
        pool, longest = waits(snapshot(b, 0, far=2)[2])
        check(peak < 100, 'the snapshot takes %.1f MiB' % peak)
        _, same, _ = run(0, 'diff', a, b)
        snapshot(b, CHANGE)
        out, apart, most = run(1, 'diff', a, b)
        # a validator's action and the direction of an index in each of those that were changed
        check(out.count('on_invalid') == out.count('f4_1') == COLLECTIONS // CHANGE,
              'the diff says %s' % out[-500:])
        check(most < 100, 'the diff takes %.1f MiB' % most)
    print('mongodb_scale: snapshot %.2f s, %.1f MiB, %d connections, at most %d waits; diff %.3f s, of the same %.3f s, %.1f MiB; '
          '%d checks, %d failed' % (took, peak, pool, longest, apart, same, most, CHECKS, FAILED))
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
