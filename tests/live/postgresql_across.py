#!/usr/bin/env python3
"""Two servers of different versions: one DDL on both is the same, and a plan is for FROM's server.

usage: postgresql_across.py SNAP GOLDEN [--only NAME] MAJOR=URL MAJOR=URL...

For each neighbouring pair of the servers given, and for the first with the last: each script of GOLDEN
that both can run, run on both, has an empty diff. With from.sql on one and to.sql on the other the
changelog is applied to the first, which then has what to.sql makes of it there, as pg_dump says; the
rollback gives back what it was. Binaries of both versions stand in SNAP_POSTGRESQL_BIN, psql and a
pg_dump for all of them on PATH. The last line counts.
"""
import json
import os
import re
import sys
import tempfile

import postgresql as one

FROM, TO, WANT = 'snap_test_from', 'snap_test_to', 'snap_test_want'


def url(server, db):
    return server.url + '/' + db


def same(program, name, a, b, script, level):
    text = one.fitting(script, level)
    a.make(FROM, text)
    b.make(TO, text)
    for first, second in (((a, FROM), (b, TO)), ((b, TO), (a, FROM))):
        code, out, err = one.snap(program, 'diff', url(*first), url(*second))
        one.check(code == 0, '%s: %d and %d: diff ends with %d: %s%s'
                  % (name, first[0].version(), second[0].version(), code, out, err))


def nameless(dump):
    """Names of NOT NULL, which servers before 18 do not know."""
    return [(head, re.sub(r'CONSTRAINT \S+ NOT NULL', 'NOT NULL', text)) for head, text in dump]


def planned(program, name, a, b, texts, level, tmp):
    """The plan from a database of server a to one of server b."""
    first, second = (one.fitting(x, level) for x in texts)
    a.make(FROM, first)
    b.make(TO, second)
    a.make(WANT, second)
    was, want = a.dump(FROM), a.dump(WANT)
    plan, undo = os.path.join(tmp, 'plan.sql'), os.path.join(tmp, 'undo.sql')
    name = '%s: from %d to %d' % (name, a.version(), b.version())
    code, _, err = one.snap(program, 'changelog', url(a, FROM), url(b, TO), '--no-verify', '-o', plan,
                            '--rollback-output', undo)
    if not one.check(code == 0, '%s: changelog ends with %d: %s' % (name, code, err)):
        return
    wrong = a.psql(FROM, one.read(plan))
    if not one.check(not wrong, '%s: the changelog: %s' % (name, wrong)):
        return
    got = a.dump(FROM)
    if b.version() < 18 <= a.version():
        got, want = nameless(got), nameless(want)
    one.check(got == want, '%s: applied, but not equal in %s' % (name, one.differences(got, want)))
    wrong = a.psql(FROM, one.read(undo))
    if one.check(not wrong, '%s: the rollback: %s' % (name, wrong)):
        got = a.dump(FROM)
        one.check(got == was, '%s: rolled back, but not equal in %s' % (name, one.differences(got, was)))


def refused(program, old, new):
    """What FROM's server cannot hold is refused by name; a diff shows it."""
    old.make(FROM, 'CREATE TABLE t (a integer, b integer);')
    new.make(TO, 'CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);')
    code, _, err = one.snap(program, 'changelog', url(old, FROM), url(new, TO), '--no-verify', '-o', '-')
    one.check(code == 3 and 'UNSUPPORTED_CHANGE' in err and 'table public.t' in err,
              'a virtual column for %d: %d %s' % (old.version(), code, err))
    code, out, err = one.snap(program, 'diff', url(old, FROM), url(new, TO))
    one.check(code == 1 and 'virtual' in out, 'a virtual column: %d %s%s' % (code, out, err))


def without_binaries(program, old, new):
    """No scratch server of the newer version: what is written differently cannot be told."""
    for server, db in ((old, FROM), (new, TO)):
        server.make(db, 'CREATE TABLE t (a integer); CREATE VIEW v AS SELECT a FROM t WHERE a > 1;')
    bin_was = os.environ.pop('SNAP_POSTGRESQL_BIN', None)
    os.environ['SNAP_POSTGRESQL_BIN'] = '/nowhere'
    code, out, err = one.snap(program, 'diff', url(old, FROM), url(new, TO))
    one.check(code == 3 and 'CANNOT_COMPARE' in err and 'view public.v' in err,
              'without binaries: %d %s%s' % (code, out, err))
    for server, db in ((old, FROM), (new, TO)):
        server.psql(db, 'DROP VIEW v')
    code, out, err = one.snap(program, 'diff', url(old, FROM), url(new, TO))
    one.check(code == 0, 'the same words without binaries: %d %s%s' % (code, out, err))
    if bin_was is not None:
        os.environ['SNAP_POSTGRESQL_BIN'] = bin_was


def run_case(program, folder, name, case, a, b):
    level = min(a.version(), b.version())
    texts = [one.read(folder, x) for x in ('from.sql', 'to.sql')]
    for role in case.get('roles', []):
        for server in (a, b):
            server.psql('postgres', 'CREATE ROLE "%s"' % role)
    for role in case.get('superusers', []):
        for server in (a, b):
            server.psql('postgres', 'CREATE ROLE "%s" SUPERUSER' % role)
    for text in texts:
        same(program, name, a, b, text, level)
    if 'unplanned' in case:  # why the end is not pg_dump's, where diff says that it is the same
        return
    with tempfile.TemporaryDirectory(prefix='snap-pg-') as tmp:
        planned(program, name, a, b, texts, level, tmp)
        planned(program, name, b, a, texts, level, tmp)


def main():
    args = sys.argv[1:]
    only = args.pop(args.index('--only') + 1) if '--only' in args else None
    program, golden = [x for x in args if not x.startswith('--') and '=' not in x]
    servers = [one.Server(x.split('=', 1)[1], '') for x in args if '=' in x]
    pairs = list(zip(servers, servers[1:])) + ([(servers[0], servers[-1])] if len(servers) > 2 else [])
    cases = 0
    for name in sorted(os.listdir(golden)):
        folder = os.path.join(golden, name)
        if (only and only not in name) or not os.path.exists(os.path.join(folder, 'to.sql')):
            continue
        case = json.loads(one.read(folder, 'case.json') or '{}')
        for a, b in pairs:
            if min(a.version(), b.version()) < case.get('min', 0):
                continue
            cases += 1
            try:
                run_case(program, folder, name, case, a, b)
            except (RuntimeError, OSError, ValueError) as e:
                one.check(False, '%s: %s' % (name, e))
    if not only:
        if servers[0].version() < 18 <= servers[-1].version():
            refused(program, servers[0], servers[-1])
        if servers[0].version() < 16 <= servers[-1].version():
            without_binaries(program, servers[0], servers[-1])
    for server in servers:
        for db in (FROM, TO, WANT):
            server.drop(db)
    print('postgresql %s: %d pairs, %d checks, %d failed'
          % (' '.join(str(s.version()) for s in servers), cases, one.CHECKS, one.FAILED))
    return 1 if one.FAILED or not cases else 0


if __name__ == '__main__':
    sys.exit(main())
