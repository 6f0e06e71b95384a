#!/usr/bin/env python3
"""Names that a terminal, Markdown, YAML, psql or SQL would like to take for something of its own.

usage: postgresql_hostile.py SNAP [--server URL]        (or SNAP_TEST_POSTGRESQL_URL)
One object of most kinds for each name. No control character and no change of direction reaches what
people read; scripts and their rollbacks through psql give what pg_dump says; verify replays the changelog.
"""
import os
import shutil
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'liquibase'))
import tools  # noqa: E402
import postgresql  # noqa: E402
import postgresql_names as names  # noqa: E402
import postgresql_scripts as scripts  # noqa: E402

READ = ('diff', '-f', 'text'), ('diff', '-f', 'markdown'), ('diff', '--stat'), ('diff', '--name-status'), ('explain',)


def harmful(text):
    """Characters that move the cursor or turn the direction."""
    return sorted({c for c in text if c not in '\n\t' and unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp')})


def shown(t, a, b):
    """What people read."""
    for x, y in ((a, b), (b, 'empty')):
        for command, *options in READ:
            rc, out, err = t.snap.run(command, *options, x, y)
            what = ' '.join([command, *options])
            t.checks.equal(rc, 0 if command == 'explain' else 1, '%s: %s' % (what, err))
            t.checks.check('gpj.exe' in out, '%s: the names are there' % what, out)
            t.checks.equal(harmful(out + err), [], what)
    snapshot = t.folder + '/a.json'
    t.checks.equal(t.snap.run('snapshot', a, '-o', snapshot), (0, '', ''), 'snapshot')
    t.checks.equal(t.snap.run('drift', a, '--baseline', snapshot), (0, '', ''), 'drift: quiet')
    rc, out, err = t.snap.run('drift', b, '--baseline', snapshot)
    t.checks.check(rc == 1 and 'gpj.exe' in out, 'drift: the report', err)
    t.checks.equal(harmful(out + err), [], 'drift: the report')
    for args in (('diff', a, b, '--rename', 'table:no\x1b[31m=x'), ('diff', a, b, '--include', 'table:no\u202e'),
                 ('diff', a, 'no\x1b[31m\u202e')):
        rc, out, err = t.snap.run(*args)
        t.checks.check(rc > 1 and not harmful(out + err), 'the error of %r' % (args,), (rc, out, err))


def replayed(t, before, after):
    """The proof of one name that holds everything, and verify of what was written."""
    a, b = t.server.make('ph_a', before), t.server.make('ph_b', after)
    log = t.folder + '/diff.yaml'
    t.checks.equal(t.snap.changelog(a, b, log), '', 'the proof')
    rc, out, err = t.snap.run('verify', log, '--from', a, '--to', b)
    t.checks.check(rc == 0 and 'reaches' in out, 'verify', out + err)


def main():
    args = sys.argv[1:]
    url = args.pop(args.index('--server') + 1) if '--server' in args else os.environ['SNAP_TEST_POSTGRESQL_URL']
    program = [x for x in args if x != '--server'][0]
    checks, folder = tools.Checks(), tempfile.mkdtemp(prefix='snap-hostile-')
    server = postgresql.Server(url, folder)
    try:
        server.made.update(('ph_a', 'ph_b', 'ps_a', 'ps_b'))
        server.clean(names.roles())  # of a run that was ended
        for role in names.roles():
            server.psql('postgres', 'CREATE ROLE ' + names.quoted(role))
        t = scripts.Test(checks, tools.Snap(program), server)
        first, second = names.schema(), names.schema(second=True)
        shown(t, server.make('ph_a', first), server.make('ph_b', second))
        scripts.there_and_back(t, 'hostile names', '', first, '-v', 'x=1')
        scripts.there_and_back(t, 'hostile names that change', first, second, '-v', 'x=1')
        replayed(t, names.schema([names.ALL]), names.schema([names.ALL], second=True))
    finally:
        server.clean(names.roles())
        shutil.rmtree(folder, ignore_errors=True)
    print('postgresql hostile names: %d checks, %d failed' % (checks.n, checks.failed))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
