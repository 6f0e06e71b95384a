#!/usr/bin/env python3
"""Scripts of commands in the real mongosh: what snap writes makes, and takes back, what it says.

usage: mongodb_scripts.py SNAP
The server is SNAP_TEST_MONGODB_URL; mongosh comes by npm, once, into the folder of SNAP. Of PAIRS of
tests/mongodb/pairs.py that are named in OF: the script leads from one side to the other and its rollback
back, by fingerprints, and snap verify replays both. A script that makes a schema from nothing makes that
schema, and is a source. What mongosh would make something else of is refused.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
import observe  # noqa: E402
import pairs  # noqa: E402
import zoos  # noqa: E402
from values import DOC, INT  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
MONGOSH = '2.12.0'
OF = ('same name', 'hidden', 'unique', 'type of a literal', 'regular expressions', 'views in a row')
FINGERPRINT = re.compile('"fingerprint":"([0-9a-f]+)"')
PREFIX = 'snap_test_sh_%d_' % os.getpid()
CHECKS = FAILED = 0


def check(ok, text, seen=''):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: %s: %s' % (text, seen))


def install():
    folder = os.path.join(os.path.dirname(SNAP), 'mongosh')
    program = os.path.join(folder, 'node_modules', '.bin', 'mongosh')
    if not os.path.exists(program):
        subprocess.run(['npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefix', folder,
                        'mongosh@' + MONGOSH], check=True, stdout=subprocess.DEVNULL)
    return program


class Case:
    """Databases of one name, and the folder that snap and mongosh run in."""

    def __init__(self, server, folder, number, name):
        self.server, self.folder, self.name = server, folder, name
        self.file = os.path.join(folder, '%d.js' % number)
        self.back = os.path.join(folder, '%d.back.js' % number)
        self.db = {side: '%s%d_%s' % (PREFIX, number, side) for side in ('from', 'to')}

    def make(self, side, commands):
        zoos.make(self.server, self.db[side], [{'create': 'x'}, {'drop': 'x'}, *commands])
        return self.server.of(self.db[side])

    def snap(self, *words):
        r = subprocess.run([SNAP, *words], cwd=self.folder, capture_output=True, text=True,
                           env=dict(os.environ, NO_COLOR='1'))
        return r.returncode, r.stdout + r.stderr

    def fingerprint(self, side):
        rc, out = self.snap('snapshot', self.server.of(self.db[side]))
        return FINGERPRINT.findall(out)[-1] if rc == 0 else 'exit %d: %s' % (rc, out)

    def drop(self):
        for db in self.db.values():
            self.server.drop(db)


def shell(program, url, folder, runs):
    """Runs the scripts in one mongosh, each on its database; gives what it said of each: ok, or the error."""
    loop = os.path.join(folder, 'loop.js')
    with open(loop, 'w') as f:
        f.write('''for (const [name, file] of %s) {
  db = db.getSiblingDB(name);
  let said = 'ok';
  try { load(file); } catch (e) { said = String(e); }
  print('said ' + JSON.stringify(said));
}
''' % json.dumps(runs))
    r = subprocess.run([program, '--quiet', '--norc', '--file', loop, url], capture_output=True, text=True,
                       timeout=120, env=dict(os.environ, HOME=folder))
    said = [json.loads(line[5:]) for line in r.stdout.splitlines() if line.startswith('said ')]
    return said if len(said) == len(runs) else ['mongosh: ' + r.stdout + r.stderr] * len(runs)


def change(case, from_, to):
    """The scripts of one pair, proven and replayed."""
    a, b = case.make('from', from_), case.make('to', to)
    rc, out = case.snap('changelog', a, b, '-o', case.file, '--rollback-output', case.back)
    check(rc == 0 and 'proof: ' in out, case.name + ': the changelog', out)
    rc, out = case.snap('verify', case.file, '--rollback', case.back, '--from', a, '--to', b)
    check(rc == 0 and 'reaches' in out, case.name + ': verify', out)
    case.before, case.after = case.fingerprint('from'), case.fingerprint('to')
    check(case.before != case.after, case.name + ': it is a change')


def baseline(case, commands):
    """A schema from nothing, as a script that is a source as well."""
    url = case.make('to', commands)
    case.make('from', [])
    rc, out = case.snap('snapshot', url, '-o', case.file)
    check(rc == 0, case.name + ': the script', out)
    rc, out = case.snap('diff', 'mongodb:' + case.file, url)
    check(rc == 0, case.name + ': the script is the schema', out)
    case.before, case.after = case.fingerprint('from'), case.fingerprint('to')


def refusals(case):
    number_first = {'$or': (DOC, [('b', (INT, 1)), ('7', (INT, 1))])}
    url = case.make('to', [zoos.create('c', validator={'x': number_first['$or']})])
    rc, out = case.snap('changelog', 'empty', url, '-o', case.file, '--no-verify')
    check(rc == 3 and 'UNSUPPORTED_CHANGE' in out and 'liquibase-yaml' in out, 'a key that is a number', out)
    rc, out = case.snap('changelog', 'empty', url, '-f', 'sql')
    check(rc == 2 and 'UNKNOWN_FORMAT' in out and '--format mongosh' in out, 'no SQL', out)
    with open(case.file, 'w') as f:
        f.write('db.c.drop();\n')
    rc, out = case.snap('verify', case.file, '--rollback', case.file, '--from', url)
    check(rc == 3 and 'CHANGELOG_FOREIGN' in out and 'line 1' in out, 'a script of somebody else', out)
    rc, out = case.snap('diff', 'mongodb:' + case.file, url)
    check(rc == 3 and 'CHANGELOG_FOREIGN' in out, 'a source of somebody else', out)


def run(server, program, folder, cases):
    with open(os.path.join(folder, 'snap.yml'), 'w') as f:
        f.write('scratch:\n  mongodb: "%s"\n' % server.url)
    changes = [(n, a, b) for n, a, b in pairs.PAIRS if n in OF]
    check(len(changes) == len(OF), 'all pairs are there', len(changes))
    for name, a, b in changes:
        cases.append(Case(server, folder, len(cases), name))
        change(cases[-1], a, b)
    for name, commands in zoos.ZOOS.items():
        if name in ('validators', 'names'):
            cases.append(Case(server, folder, len(cases), name))
            baseline(cases[-1], commands)
    for case, said in zip(cases, shell(program, server.url, folder, [(c.db['from'], c.file) for c in cases])):
        check(said == 'ok', case.name + ': mongosh', said)
        check(case.fingerprint('from') == case.after, case.name + ': it is made')
    back = [c for c in cases if os.path.exists(c.back)]
    for case, said in zip(back, shell(program, server.url, folder, [(c.db['from'], c.back) for c in back])):
        check(said == 'ok', case.name + ': mongosh, back', said)
        check(case.fingerprint('from') == case.before, case.name + ': it is taken back')
    cases.append(Case(server, folder, len(cases), 'refused'))
    refusals(cases[-1])


def main():
    server, cases = observe.Server(os.environ['SNAP_TEST_MONGODB_URL']), []
    program = install()
    with tempfile.TemporaryDirectory() as folder:
        try:
            run(server, program, folder, cases)
        finally:
            for case in cases:
                case.drop()
    print('mongodb scripts: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(FAILED != 0 or CHECKS == 0)


main()
