#!/usr/bin/env python3
"""What is read of a MongoDB server on request alone: shard keys and zones, roles and users, search indexes;
and what becomes of it where the role may not read it, or the server does not tell.

usage: mongodb_facets.py SNAP
"""
import json
import os
import sys
import tempfile

from counted import Counted
from mongodb_run import run
from replay import Replay  # noqa: E402

COUNT = Counted('mongodb_facets')
say = COUNT.check
NO = {'$numberLong': '0'}
HELLO = {'command': 'hello', 'reply': {
    'isWritablePrimary': True, 'ismaster': True, 'msg': 'isdbgrid', 'maxBsonObjectSize': 16777216, 'maxMessageSizeBytes': 48000000,
    'maxWriteBatchSize': 100000, 'minWireVersion': 0, 'maxWireVersion': 21, 'helloOk': True}}


def cursor(ns, *docs):
    return {'cursor': {'id': NO, 'ns': ns, 'firstBatch': list(docs)}}


SPREAD = {'command': 'find', 'db': 'config', 'on': 'collections', 'reply': cursor(
    'config.collections',
    {'_id': 'app.c000000', 'key': {'user': 1, 'at': 'hashed'}, 'unique': True},
    {'_id': 'app.system.buckets.c000001', 'key': {'meta': 1.0}, 'unique': False},
    {'_id': 'app.c000002', 'key': {'x': 1}, 'dropped': True},
    {'_id': 'app.gone', 'key': {'x': 1}})}
ZONES = {'command': 'find', 'db': 'config', 'on': 'tags', 'reply': cursor(
    'config.tags', {'_id': {'ns': 'app.c000000', 'min': {'user': {'$minKey': 1}}}, 'ns': 'app.c000000', 'tag': 'EU',
                    'min': {'user': {'$minKey': 1}, 'at': {'$minKey': 1}}, 'max': {'user': 7, 'at': {'$minKey': 1}}})}
ROLES = {'command': 'rolesInfo', 'reply': {'roles': [
    {'role': 'read', 'db': 'app', 'isBuiltin': True, 'roles': [], 'privileges': []},
    {'role': 'clerk', 'db': 'app', 'isBuiltin': False, 'roles': [{'role': 'read', 'db': 'app'}],
     'privileges': [{'resource': {'db': 'app', 'collection': 'c000000'}, 'actions': ['update', 'insert']}]}]}}
USERS = {'command': 'usersInfo', 'reply': {'users': [
    {'_id': 'app.ann', 'user': 'ann', 'db': 'app', 'roles': [{'role': 'clerk', 'db': 'app'}], 'mechanisms': ['SCRAM-SHA-256'],
     'credentials': {'SCRAM-SHA-256': {'salt': 'c4n4ry', 'storedKey': 'c4n4ry'}}}]}}
SEARCH = {'command': 'aggregate', 'on': 'c000001', 'reply': cursor(
    'app.c000001', {'id': '65', 'name': 'default', 'type': 'search', 'status': 'READY', 'queryable': True,
                    'latestDefinition': {'mappings': {'dynamic': True}}})}
NO_SEARCH = {'command': 'aggregate', 'reply': cursor('app.c')}
DENIED = [13, 'Unauthorized', 'not authorized']


def read(folder, rules, *words, want=0, user=''):
    """({path: attributes}, the first line of the snapshot, what was told, the commands)."""
    path = os.path.join(folder, 'x.json')
    if os.path.exists(path):
        os.unlink(path)
    with Replay(generate='3x1', rules=rules) as server:
        status, text = run('snapshot', server.url('app', user), '-o', path, *words)
        calls = [c[1] for c in server.calls()]
    say(status == want, '%s: exit %d\n%s' % (words, status, text))
    if not os.path.exists(path):
        return {}, {}, text, calls
    with open(path, encoding='utf-8') as f:
        whole = f.read()
    say('c4n4ry' not in whole + text, 'credentials are told')
    doc = json.loads(whole)
    return {o['path']: o['a'] for o in doc['objects']}, doc, text, calls


def sharding(folder):
    rules = [HELLO, SPREAD, ZONES]
    facts, doc, _, calls = read(folder, rules)
    say('find' not in calls and not [p for p in facts if 'sharding' in p], 'shard keys are read unasked')
    say('sharding' not in doc['captured'], 'they are captured: %s' % doc['captured'])
    facts, doc, _, _ = read(folder, rules, '--facets', '+sharding')
    keys = {p: a for p, a in facts.items() if '/sharding:' in p or '/zone:' in p}
    say(len(keys) == 3, 'the keys and zones are %s' % keys)
    say(keys.get('collection:c000000/sharding:#') == {'keys': ['user 1', 'at hashed'], 'unique': True}, 'a shard key is %s' % keys)
    say(any(p.startswith('collection:c000001/sharding') for p in keys), 'no shard key of a time series')
    say([a['tag'] for p, a in keys.items() if 'zone' in p] == ['EU'], 'the zones are %s' % keys)
    say('sharding' in doc['captured'], 'they are not captured: %s' % doc['captured'])
    denied = {'command': 'find', 'db': 'config', 'error': DENIED}
    _, _, text, _ = read(folder, [HELLO, denied], '--facets', '+sharding', want=3)
    say('HIDDEN' in text and 'database config' in text, 'who may not read config is told %s' % text)
    # behind no router nothing is spread
    facts, doc, _, calls = read(folder, [], '--facets', '+sharding')
    say('find' not in calls and 'sharding' in doc['captured'], 'a server alone: %s, %s' % (calls, doc['captured']))


def accounts(folder):
    facts, doc, _, calls = read(folder, [ROLES, USERS])
    say('rolesInfo' not in calls and 'acl' not in doc['captured'], 'roles are read unasked')
    facts, doc, _, _ = read(folder, [ROLES, USERS], '--facets', '+acl')
    say(sorted(p for p in facts if not p.startswith('collection')) == ['role:clerk', 'user:ann'], 'roles and users are %s' % facts)
    for rule in ({'command': 'rolesInfo', 'error': [59, 'CommandNotFound', 'no such command']}, {'command': 'rolesInfo', 'error': DENIED}):
        _, _, text, _ = read(folder, [rule, USERS], '--facets', '+acl', want=3)
        say(('HIDDEN' in text or 'FACET_MISSING' in text) and 'roles and users' in text, 'where roles are not told: %s' % text)


def search(folder):
    facts, _, _, calls = read(folder, [SEARCH, NO_SEARCH])
    say('collection:c000001/search_index:default' in facts, 'the search indexes are %s' % list(facts))
    say(calls.count('aggregate') == 3, '%d times aggregate' % calls.count('aggregate'))
    for error in ([31082, 'SearchNotEnabled', 'needs configuration'], [40324, 'Location40324', 'Unrecognized stage'],
                  [115, 'CommandNotSupported', 'not supported']):
        _, _, _, calls = read(folder, [{'command': 'aggregate', 'error': error}])
        say(calls.count('aggregate') == 1, 'a server without search is asked %d times' % calls.count('aggregate'))
    _, _, text, _ = read(folder, [{'command': 'aggregate', 'error': DENIED}], want=3, user='app:secret')
    say('HIDDEN' in text, 'who may not list search indexes is told %s' % text)
    listed = {'command': 'listCollections', 'reply': cursor('app.$cmd.listCollections', {'name': 'c000001', 'type': 'collection'},
                                                            {'name': 'v', 'type': 'view', 'options': {'viewOn': 'c000001', 'pipeline': []}})}
    of_view = {**SEARCH, 'on': 'v'}
    for wire, error, views in ((25, None, 1), (21, None, 0), (25, [40602, 'Location40602', 'only valid as the first stage'], 0)):
        hello = {'command': 'hello', 'reply': {**HELLO['reply'], 'maxWireVersion': wire}}
        late = [{'command': 'aggregate', 'on': 'v', 'error': error}] if error else []
        facts, _, _, _ = read(folder, [hello, {**hello, 'command': 'isMaster'}, listed, *late, of_view, SEARCH])
        say(sum('search_index' in p for p in facts) == 1 + views and ('view:v/search_index:default' in facts) == (views == 1),
            'search indexes of a view, version %d of the protocol: %s' % (wire, list(facts)))


def builds(folder):
    """An index that is still being built, as servers before 7.1 tell it: no fact."""
    spec = {'v': 2, 'key': {'a': 1}, 'name': 'a_1'}
    old = {'command': 'listIndexes', 'with': 'includeBuildUUIDs', 'reply': cursor(
        'app.c', {'v': 2, 'key': {'_id': 1}, 'name': '_id_'}, {'spec': spec, 'buildUUID': {'$uuid': '00112233-4455-6677-8899-aabbccddeeff'}})}
    plain = {'command': 'listIndexes', 'reply': cursor('app.c', spec)}
    refuses = {'command': 'listIndexes', 'with': 'includeIndexBuildInfo', 'error': [40415, 'Location40415', 'unknown field']}
    hello = {'command': 'hello', 'reply': {**HELLO['reply'], 'maxWireVersion': 9}}
    for rules in ([refuses, old], [hello, {**hello, 'command': 'isMaster'}, old]):
        facts, doc, _, _ = read(folder, [*rules, plain])
        say(not [p for p in facts if 'index' in p] and 'still being built' in json.dumps(doc), 'an index that is built: %s' % doc)
    facts, _, _, calls = read(folder, [refuses, {**refuses, 'with': 'includeBuildUUIDs'}, plain])
    say(len([p for p in facts if 'index:a_1' in p]) == 3 and calls.count('listIndexes') == 5, 'a server that tells no builds: %s' % facts)


def main():
    with tempfile.TemporaryDirectory() as folder:
        sharding(folder)
        accounts(folder)
        search(folder)
        builds(folder)
    return COUNT.end()


if __name__ == '__main__':
    sys.exit(main())
