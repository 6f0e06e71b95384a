#!/usr/bin/env python3
"""snap's changelogs through the real Liquibase 4.28.0 and 5.0.4, judged by an observer that is not snap.

usage: main.py BUILD [--accept] [PART...]     PART: allow-list, round-trip, hostile, options
Each version is one JVM with a thread of its own here; what snap writes is made once for both. --accept
writes what the allow-list saw into allow-list.txt, to be read by a person. The exit status is 0 only if
every check was made and held.
"""
import glob
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback

import tools  # first: it says where the others find what they share
import allow_list
import hostile
import options
import round_trip

VERSIONS = ('4.28.0', '5.0.4')
PARTS = {'allow-list': allow_list, 'round-trip': round_trip, 'hostile': hostile, 'options': options}


def both(checks, engines, work, *args):
    """work(checks, engine, ...) for each version at the same time; an exception is a failed check."""
    def one(engine):
        try:
            work(checks, engine, *args)
        except Exception:
            checks.check(False, 'Liquibase %s: the test itself' % engine.version, traceback.format_exc())
    threads = [threading.Thread(target=one, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_part(name, checks, snap, engines, folder, accept):
    os.makedirs(folder)
    part = PARTS[name]
    before, start = checks.n, time.time()
    try:
        cases = part.make_cases(checks, snap, folder)
        both(checks, engines, part.run, cases)
        part.finish(checks, cases, accept)
    except Exception:
        checks.check(False, name + ': the test itself', traceback.format_exc())
    made = checks.n - before
    checks.check(made >= part.AT_LEAST * len(engines), '%s: only %d checks were made' % (name, made))
    return '%s %d in %.0f s' % (name, made, time.time() - start)


def check_forms(checks, folder):
    """Change types with keys that no row of the allow-list has are not proven, whoever wrote them."""
    known = allow_list.known_forms(folder + '/allow-list')
    seen = {}
    for path in glob.glob(folder + '/**/*.yaml', recursive=True):
        seen.update((form, path) for form in tools.forms(path))
    for form in sorted(set(seen) - known - {('tagDatabase', 'tag')}):
        checks.check(False, 'allow-list: no row has %s' % ' '.join(form), seen[form])
    checks.check(len(seen) > 5, 'change types were seen', seen)


def main():
    accept = '--accept' in sys.argv
    words = [w for w in sys.argv[1:] if w != '--accept']
    build, parts = words[0], words[1:] or list(PARTS)
    checks, snap = tools.Checks(), tools.Snap(os.path.join(build, 'snap'))
    folder = tempfile.mkdtemp(prefix='snap-liquibase-')
    engines = []
    try:
        engines = [tools.Liquibase(build, v, os.path.join(folder, v)) for v in VERSIONS]
        told = [run_part(p, checks, snap, engines, os.path.join(folder, p), accept) for p in parts]
        if 'allow-list' in parts:
            check_forms(checks, folder)
    finally:
        for engine in engines:
            engine.close()
        shutil.rmtree(folder, ignore_errors=True)
    print('liquibase %s: %d checks, %d failed (%s)' % (
        ' and '.join(VERSIONS), checks.n, checks.failed, ', '.join(told)))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
