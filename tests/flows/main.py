#!/usr/bin/env python3
"""Runs the flows and counts. usage: main.py BUILD [--engine NAME,...] [PART...]

--engine: where the pipeline runs, see tools.engines.

Commands are given to a shell in the words that a user types; `snap` and `yq` are found by PATH.
"""
import os
import shutil
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'liquibase'))
import tools  # noqa: E402
import authoring  # noqa: E402
import drift  # noqa: E402
import look  # noqa: E402
import pipeline  # noqa: E402
import shell  # noqa: E402

AT_LEAST = {look: 20, drift: 60, authoring: 80, pipeline: 50}


def main():
    build = os.path.abspath(sys.argv[1])
    chosen = [p for p in AT_LEAST if p.__name__ in sys.argv[2:]] or list(AT_LEAST)
    checks, told = tools.Checks(), []
    folder = tempfile.mkdtemp(prefix='snap-flows-')
    try:
        user = shell.User(build, folder + '/bin')
        for part in chosen:
            before, start = checks.n, time.time()
            name = part.__name__
            os.makedirs('%s/%s' % (folder, name))
            try:
                part.run(checks, user, '%s/%s' % (folder, name), build)
            except Exception:
                checks.check(False, name + ': the test itself', traceback.format_exc())
            made = checks.n - before
            checks.check(made >= AT_LEAST[part], '%s: only %d checks were made' % (name, made))
            told.append('%s %d in %.0f s' % (name, made, time.time() - start))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print('flows: %d checks, %d failed (%s)' % (checks.n, checks.failed, ', '.join(told)))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
