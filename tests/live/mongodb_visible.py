#!/usr/bin/env python3
"""What a role sees of a MongoDB schema: all of it, or a named error; never a part that passes for the whole.
And what only some servers have: sharding and zones behind a mongos, search indexes of Atlas.

usage: mongodb_visible.py SNAP
"""
import copy
import os
import sys
import tempfile

from counted import Counted
from mongodb_run import run as snap
import shapes  # noqa: E402
from replay import Replay  # noqa: E402

COUNT = Counted('mongodb_visible')
check = COUNT.check
DENIED = [13, 'Unauthorized', 'not authorized on app to execute command']


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


MIN, MAX = {'$minKey': 1}, {'$maxKey': 1}


def sharded(shards='rs', key=None, tag='EU'):
    """Behind a mongos. What only tells of the moment differs with `shards`."""
    f = copy.deepcopy(shapes.fixture('7.0'))
    f['hello'] = {k: v for k, v in f['hello'].items() if k not in ('hosts', 'setName', 'setVersion', 'primary', 'me', 'secondary')}
    f['hello']['msg'] = 'isdbgrid'
    moment = {'lastmodEpoch': {'$oid': ('%02x' % len(shards)) * 12}, 'lastmod': {'$date': '2026-01-0%dT00:00:00Z' % len(shards)},
              'timestamp': {'$timestamp': {'t': 1700000000 + len(shards), 'i': 1}}, 'uuid': shapes.uuid(shards, 'x')}

    def collection(ns, spread, **more):
        return {'_id': ns, **moment, 'key': spread, 'unique': False, 'noBalance': False, **more}

    def zone(ns, low, high, name):
        return {'_id': {'ns': ns, 'min': low}, 'ns': ns, 'min': low, 'max': high, 'tag': name}
    f['databases']['config']['documents'] = {
        'collections': [collection('app.users', key or {'email': 1}, unique=True), collection('app.orders', {'user': 'hashed'}),
                        collection('other.users', {'_id': 1}), collection('apple.users', {'_id': 1}),
                        collection('config.system.sessions', {'_id': 1})],
        'tags': [zone('app.users', {'email': MIN}, {'email': 'm'}, tag), zone('app.users', {'email': 'm'}, {'email': MAX}, 'US'),
                 zone('other.users', {'_id': MIN}, {'_id': 5}, 'EU')]}
    return f


def take(folder, name, fixture, *options, rules=()):
    path = os.path.join(folder, name)
    with Replay(fixture=fixture, rules=rules) as server:
        rc, text = snap('snapshot', server.url(), '-o', path, *options)
    check(rc == 0, '%s: exit %d, %s' % (name, rc, text))
    return path


def sharding(folder, whole):
    """How collections are spread is a facet of its own: not compared unless asked, never lost."""
    facet = ('--facets', '+sharding')
    a = take(folder, 'a.json', sharded(), *facet)
    with open(a, encoding='utf-8') as f:
        text = f.read()
    check(text.count('/sharding:') == 2 and text.count('/zone:') == 2, 'sharding is read wrong: %s' % text)
    for name, other, options, want, words in [
            ('one that is not sharded', whole, (), 0, ''),
            ('the same elsewhere', take(folder, 'b.json', sharded('rs2'), *facet), facet, 0, ''),
            ('another key', take(folder, 'c.json', sharded(key={'email': 'hashed'}), *facet), facet, 1, 'users'),
            ('another zone', take(folder, 'd.json', sharded(tag='CH'), *facet), facet, 1, 'CH'),
            ('one that does not tell', whole, facet, 3, 'FACET_MISSING')]:
        rc, text = snap('diff', a, other, *options)
        check(rc == want and words in text, '%s: exit %d, %s' % (name, rc, text))
    denied = [{'command': 'find', 'db': 'config', 'error': DENIED}]
    check(snap('diff', whole, take(folder, 'e.json', sharded(), rules=denied))[0] == 0, 'config may not be read')
    with Replay(fixture=sharded(), rules=denied) as server:
        rc, text = snap('diff', a, server.url(), *facet)
        check(rc == 3 and 'config' in text and '- ' not in text, 'config may not be read: exit %d, %s' % (rc, text))


def search(number, **more):
    """A server of Atlas; its own numbers and states differ."""
    f = copy.deepcopy(shapes.fixture('7.0'))
    f['search'] = 'yes'
    state = {'status': 'READY' if number % 2 else 'BUILDING', 'queryable': bool(number % 2), 'latestVersion': number}
    fields = {'plot': {'type': 'string', **more}, 'title': {'type': 'string'}}
    f['databases']['app']['search'] = {'users': [
        {'id': '65a0%d' % number, 'name': 'default', 'type': 'search', **state,
         'latestDefinition': {'mappings': {'dynamic': False, 'fields': fields}}}], 'orders': [
             {'id': '65b0%d' % number, 'name': 'near', 'type': 'vectorSearch', **state,
              'latestDefinition': {'fields': [{'type': 'vector', 'path': 'v', 'numDimensions': 3, 'similarity': 'cosine'}]}}]}
    return f


def atlas(folder, whole):
    a, b = take(folder, 'a.json', search(1)), take(folder, 'b.json', search(2))
    c = take(folder, 'c.json', search(3, analyzer='lucene.french'))
    rc, text = snap('diff', a, b)
    check(rc == 0, 'search indexes: exit %d, %s' % (rc, text))
    rc, text = snap('diff', a, c)
    check(rc == 1 and 'default' in text and 'near' not in text, 'a search index that changes: exit %d, %s' % (rc, text))
    rc, text = snap('diff', whole, a)
    check(rc == 1 and 'near' in text and 'default' in text, 'search indexes that come: exit %d, %s' % (rc, text))
    with Replay(fixture=search(1), rules=[{'command': 'aggregate', 'error': DENIED}]) as server:
        rc, text = snap('diff', a, server.url(user='app:secret'))
        check(rc == 3 and '- ' not in text, 'search indexes that may not be listed: exit %d, %s' % (rc, text))


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.json')
        with Replay(fixture=shapes.fixture('7.0')) as server:
            rc, text = snap('snapshot', server.url(), '-o', whole)
        if rc:
            raise SystemExit('mongodb_visible: ' + text)
        roles(folder, whole)
        sharding(folder, whole)
        atlas(folder, whole)
    return COUNT.end('%d roles, ' % len(ROLES))


if __name__ == '__main__':
    sys.exit(main())
