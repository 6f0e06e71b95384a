#!/usr/bin/env python3
"""The proof notices every wrong handler: each alter row is made to write nothing, in each direction, on
every golden case; wherever that changes the plan, `snap changelog` must exit 4, name the step and write
no file. --enough: a handler that was noticed N times one way is done.
usage: broken.py SNAP_WITH_HOOKS [--enough N]"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Written by another row's statement: there is nothing of its own to leave out.
RIDERS = {'constraint.ride'}


# What golden has no case of, since its sides are compared without rows.
ROWS = 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nINSERT INTO t VALUES %s;\n'


def run(snap, folder, *args, broken=None):
    env = dict(os.environ)
    env.pop('SNAP_TEST_BREAK', None)
    if broken:
        env['SNAP_TEST_BREAK'] = broken
    r = subprocess.run([snap, *args], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')


def rows(folder):
    """A case of --data, both ways: rows that come, go and change."""
    sides = [folder + '/rows_a.sql', folder + '/rows_b.sql']
    for path, values in zip(sides, ("(1, 'x'), (2, 'y')", "(2, 'z'), (3, 'w')")):
        with open(path, 'w', encoding='utf8') as f:
            f.write(ROWS % values)
    yield 'rows', *sides, ['--data', 't']
    yield 'rows reversed', *reversed(sides), ['--data', 't']


def cases(root, folder):
    """(name, from.sql, to.sql, options) of each golden case, both ways."""
    yield from rows(folder)
    for name in sorted(os.listdir(root)):
        folder = os.path.join(root, name)
        a, b = folder + '/from.sql', folder + '/to.sql'
        if not (os.path.exists(a) and os.path.exists(b)):
            continue
        about = {}
        if os.path.exists(folder + '/case.json'):
            with open(folder + '/case.json', encoding='utf8') as f:
                about = json.load(f)
        options = about.get('options', about.get('args', []))
        yield name, a, b, options
        if '--rename' not in ' '.join(options):
            yield name + ' reversed', b, a, options


def build(path, script):
    if os.path.exists(path):
        os.unlink(path)
    with open(script, 'rb') as f:
        subprocess.run(['sqlite3', path], stdin=f, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    if not os.path.exists(path):
        open(path, 'w').close()


def plan(snap, folder, options, broken=None):
    """The text of the plan, without its proof; None when there is none."""
    rc, _, _ = run(snap, folder, 'changelog', 'from.db', 'to.db', '-o', 'plan.sql', '--rollback-output',
                   'back.sql', '--no-verify', *options, broken=broken)
    if rc:
        return None
    with open(folder + '/plan.sql', 'rb') as f, open(folder + '/back.sql', 'rb') as g:
        return f.read(), g.read()


def break_one(snap, folder, name, options, hook):
    """'' when the proof notices, else what happened."""
    log = folder + '/x.yaml'
    if os.path.exists(log):
        os.unlink(log)
    rc, _, err = run(snap, folder, 'changelog', 'from.db', 'to.db', '-o', 'x.yaml', '--style', 'sql',
                     *options, broken=hook)
    if rc == 4 and 'step ' in err and not os.path.exists(log):
        return ''
    return '%s, broken %s: exit %d, %s' % (name, hook, rc, err.strip())


def main():
    snap = os.path.abspath(sys.argv[1])
    enough = int(sys.argv[3]) if sys.argv[2:3] == ['--enough'] else None
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../golden/sqlite')
    _, features, _ = run(snap, '.', 'features', 'sqlite')
    alters = sorted(set(re.findall(r'\b[a-z]+\.[a-z]+\b', features)) - RIDERS)
    hooks = [a + way for a in alters for way in ('', ':back')]
    caught, bad, tried = {}, 0, 0
    folder = tempfile.mkdtemp(prefix='snap-broken-')
    try:
        for name, a, b, options in cases(root, folder):
            left = [h for h in hooks if not enough or caught.get(h, 0) < enough]
            if not left:
                break
            build(folder + '/from.db', a)
            build(folder + '/to.db', b)
            whole = plan(snap, folder, options)
            rc, _, _ = run(snap, folder, 'changelog', 'from.db', 'to.db', '-o', 'ok.sql', *options)
            if whole is None or rc:
                continue  # refused: there is no plan to break
            for hook in left:
                if plan(snap, folder, options, hook) in (whole, None):
                    continue
                tried += 1
                why = break_one(snap, folder, name, options, hook)
                caught[hook] = caught.get(hook, 0) + (not why)
                if why:
                    bad += 1
                    print(why)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for hook in hooks:
        if not caught.get(hook):
            bad += 1
            print('no golden case shows that the proof notices a broken ' + hook)
    print('broken: %d handlers, each way, %d breaks noticed of %d, %d wrong' % (
        len(alters), sum(caught.values()), tried, bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
