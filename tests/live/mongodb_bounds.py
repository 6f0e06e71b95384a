#!/usr/bin/env python3
"""What snap does not do to a MongoDB server, and where it ends by itself: commands of a script that reach
out of the scratch database, looks into documents that do not end.

usage: mongodb_bounds.py SNAP
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
from replay import Replay  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
COUNT = {'checks': 0, 'failed': 0}


def say(ok, text):
    COUNT['checks'] += 1
    if not ok:
        COUNT['failed'] += 1
        print('FAILED: ' + text)


def snap(folder, *words, want=0, told=()):
    r = subprocess.run([SNAP, *words], cwd=folder, capture_output=True, text=True, timeout=60)
    text = r.stdout + r.stderr
    say(r.returncode == want and all(t in text for t in told), '%s: exit %d\n%s' % (words, r.returncode, text))
    return text


def scripts(folder):
    """Verbs that name a database of their own, by any door: none of them is sent."""
    verbs = ('{"applyOps": []}', '{"mapReduce": "c", "out": {"replace": "x", "db": "other"}}', '{"renameCollection": "a.b", "to": "c.d"}',
             '{"aggregate": "c", "pipeline": [], "cursor": {}}', '{"dropDatabase": 1}', '{"createUser": "u", "pwd": "p", "roles": []}',
             '{"create": "c", "$db": "other"}', '{"create,drop": "c"}', '{"": 1}')
    with Replay(generate='0x0', rules=[{'command': '*', 'without': 'listDatabases', 'reply': {'n': 1}}]) as server:
        with open(os.path.join(folder, 'snap.yml'), 'w', encoding='utf-8') as f:
            f.write('scratch: { mongodb: "%s" }\n' % server.url(''))
        for verb in verbs:
            for text in (verb, "db.runCommand(EJSON.parse('%s', {relaxed: false}));" % verb):
                with open(os.path.join(folder, 's.js'), 'w', encoding='utf-8') as f:
                    f.write(text + '\n')
                before = len(server.calls())
                snap(folder, 'diff', 'mongodb:s.js', 'empty', want=3, told=('CANNOT_VERIFY', 's.js line 1'))
                sent = [c[1] for c in server.calls()[before:]]
                known = {'connect', 'hello', 'isMaster', 'ping', 'buildInfo', 'listDatabases', 'endSessions', 'dropDatabase'}
                say(set(sent) <= known and sent.count('dropDatabase') == 1, '%s: %s are sent' % (verb, sent))


def main():
    with tempfile.TemporaryDirectory() as folder:
        scripts(folder)
    print('mongodb_bounds: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
