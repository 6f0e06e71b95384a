#!/usr/bin/env python3
"""The evidence of a proof on MongoDB: the same bytes twice, verify by it, and a changelog that was altered.

usage: mongodb_evidence.py SNAP
The server is SNAP_TEST_MONGODB_URL; both sides are snapshots of a database on it.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'mongodb'))
import observe  # noqa: E402
import zoos  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
COUNT = {'checks': 0, 'failed': 0}
OLD = [{'create': 't'}]
NEW = [{'create': 't'}, {'create': 'u', 'capped': True, 'size': 4096},
       {'createIndexes': 't', 'indexes': [{'key': {'a': 1}, 'name': 'i'}]}]


def snap(folder, *args, status=0, says=''):
    r = subprocess.run([SNAP, *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
    out = r.stdout.decode('utf8', 'replace')
    COUNT['checks'] += 1
    if r.returncode != status or says not in out:
        COUNT['failed'] += 1
        print('FAILED: snap %s: exit %d, wanted %d: %s' % (' '.join(args), r.returncode, status, out))


def read(folder, name):
    with open(os.path.join(folder, name), encoding='utf8') as f:
        return f.read()


def main():
    server = observe.Server(os.environ['SNAP_TEST_MONGODB_URL'])
    with tempfile.TemporaryDirectory(prefix='snap-evidence-') as folder:
        with open(os.path.join(folder, 'snap.yml'), 'w', encoding='utf8') as f:
            f.write('version: 1\nscratch: { mongodb: "%s" }\n' % server.url)
        for name, commands in (('old', OLD), ('new', NEW)):
            zoos.make(server, 'snap_test_evidence', commands)
            snap(folder, 'snapshot', server.of('snap_test_evidence'), '-o', name + '.snap.json')
        server.drop('snap_test_evidence')
        seen = []
        for _ in range(2):
            snap(folder, 'changelog', 'old.snap.json', 'new.snap.json', '-o', 'x.yaml', '--evidence', 'x.json')
            seen.append(read(folder, 'x.json'))
        COUNT['checks'] += 1
        if seen[0] != seen[1] or 'mongodb' not in seen[0]:
            COUNT['failed'] += 1
            print('FAILED: two evidences of one proof differ')
        sides = ('--from', 'old.snap.json', '--to', 'new.snap.json', '--evidence-check', 'x.json')
        snap(folder, 'verify', 'x.yaml', *sides)
        with open(os.path.join(folder, 'altered.yaml'), 'w', encoding='utf8') as f:
            f.write(read(folder, 'x.yaml').replace('4096', '8192'))
        snap(folder, 'verify', 'altered.yaml', *sides, status=4, says='EVIDENCE_MISMATCH')
    print('mongodb evidence: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
