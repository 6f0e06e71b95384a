#!/usr/bin/env python3
"""What a role sees of a MongoDB schema: all of it, or a named error; never a part that passes for the whole.
And what only some servers have: sharding and zones behind a mongos, search indexes of Atlas.

usage: mongodb_visible.py SNAP
"""
import copy
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
import shapes  # noqa: E402
from replay import Replay  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
CHECKS = FAILED = 0
DENIED = [13, 'Unauthorized', 'not authorized on app to execute command']


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


def snap(*words):
    r = subprocess.run([SNAP, *words], capture_output=True, text=True, env=dict(os.environ, NO_COLOR='1'))
    return r.returncode, r.stdout + r.stderr


def privilege(collection, *actions, db='app'):
    return {'resource': {'db': db, 'collection': collection}, 'actions': list(actions)}


READS = ('find', 'listCollections', 'listIndexes', 'collStats')
NAMES = ['listCollections', {'without': 'authorizedCollections'}]
# name, privileges (None: the server does not tell), names that are shown, rules, the error (None: all of it is read)
ROLES = [
    ('read', [privilege('', *READS)], None, [], None),
    ('read everywhere', [privilege('', *READS, db='')], None, [], None),
    ('root', [{'resource': {'anyResource': True}, 'actions': ['find', 'listCollections', 'listIndexes', 'anyAction']}], None, [], None),
    ('the server does not tell', None, None, [], None),
    ('nothing', [], None, [{'command': 'listCollections', 'error': DENIED}, {'command': 'listIndexes', 'error': DENIED}], 'NO_PRIVILEGE'),
    ('not told, and nothing', None, None, [{'command': 'listCollections', 'error': DENIED}], 'NO_PRIVILEGE'),
    ('names alone', [privilege('users', 'find'), privilege('orders', 'find')], ['users', 'orders'],
     [{'command': 'listCollections', 'without': 'authorizedCollections', 'error': DENIED},
      {'command': 'listIndexes', 'error': DENIED}], 'NO_PRIVILEGE'),
    ('names alone, not told', None, ['users', 'orders'],
     [{'command': 'listCollections', 'without': 'authorizedCollections', 'error': DENIED},
      {'command': 'listIndexes', 'error': DENIED}], 'NO_PRIVILEGE'),
    ('no index of one', [privilege('', 'listCollections'), privilege('users', *READS)], None,
     [{'command': 'listIndexes', 'on': 'orders', 'error': DENIED}], 'NO_PRIVILEGE|HIDDEN'),
    ('no index of one, not told', None, None, [{'command': 'listIndexes', 'on': 'orders', 'error': DENIED}], 'NO_PRIVILEGE|HIDDEN'),
    ('no index at all', [privilege('', 'find', 'listCollections')], None, [{'command': 'listIndexes', 'error': DENIED}],
     'NO_PRIVILEGE|HIDDEN'),
    ('the login is gone', [privilege('', *READS)], None, [{'command': '*', 'error': [13, 'Unauthorized', 'requires authentication']}],
     'NO_PRIVILEGE|ACCESS_DENIED'),
]


def weak(privileges, authorized):
    f = copy.deepcopy(shapes.fixture('7.0'))
    who = {'authenticatedUsers': [{'user': 'app', 'db': 'admin'}], 'authenticatedUserRoles': [{'role': 'r', 'db': 'app'}]}
    if privileges is not None:
        who['authenticatedUserPrivileges'] = privileges
    f['connectionStatus'] = {'authInfo': who}
    if authorized is not None:
        f['databases']['app']['authorized'] = authorized
    return f


def roles(folder, whole):
    """What a role reads is the whole, or an error; a diff with the whole is never a list of drops."""
    for name, privileges, authorized, rules, want in ROLES:
        path = os.path.join(folder, 'weak.json')
        if os.path.exists(path):
            os.unlink(path)
        with Replay(fixture=weak(privileges, authorized), rules=rules) as server:
            rc, text = snap('snapshot', server.url(user='app:secret'), '-o', path)
            if want is None:
                check(rc == 0, '%s: exit %d, %s' % (name, rc, text))
                rc, text = snap('diff', whole, path)
                check(rc == 0, '%s: is not the whole: exit %d, %s' % (name, rc, text))
                continue
            check(rc in (3, 5) and any('snap: %s: ' % w in text for w in want.split('|')) and not os.path.exists(path),
                  '%s: exit %d, not %s: %s' % (name, rc, want, text))
            rc, text = snap('diff', whole, server.url(user='app:secret'))
            check(rc in (3, 5) and '- ' not in text and 'secret' not in text, '%s: a diff: exit %d, %s' % (name, rc, text))
            rc, text = snap('changelog', whole, server.url(user='app:secret'), '--no-verify', '-o', path + '.yaml')
            check(rc in (3, 5) and not os.path.exists(path + '.yaml'), '%s: a plan: exit %d, %s' % (name, rc, text))


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.json')
        with Replay(fixture=shapes.fixture('7.0')) as server:
            rc, text = snap('snapshot', server.url(), '-o', whole)
        if rc:
            raise SystemExit('mongodb_visible: ' + text)
        roles(folder, whole)
    print('mongodb_visible: %d roles, %d checks, %d failed' % (len(ROLES), CHECKS, FAILED))
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
