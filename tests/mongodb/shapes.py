#!/usr/bin/env python3
"""One schema as each server lists it: fixtures for the scripted server.

usage: shapes.py NAME [newer]    prints the fixture as JSON; without a name, the names

SCHEMA is what somebody made by the same commands on all of them: 8 collections, 4 views and 18 indexes.
NEWER is what servers before 6.0 do not have. What each server makes of it is in LISTS: types of
numbers, defaults written out or not, order, bookkeeping of its own.
"""
import hashlib
import json
import random
import sys

# name: options of create, indexes of createIndexes
SCHEMA = {
    'users': ({'validator': {'$jsonSchema': {
        'bsonType': 'object', 'required': ['email', 'name'], 'properties': {
            'email': {'bsonType': 'string', 'pattern': '^.+@.+$', 'description': 'not "checked" further'},
            'name': {'bsonType': 'string'}, 'age': {'bsonType': ['int', 'long'], 'minimum': 0, 'maximum': 150},
            'role': {'enum': ['admin', 'user', None, {'x': 1, 'y': 2}]}}}}}, [
                {'key': {'email': 1}, 'name': 'email_1', 'unique': True},
                {'key': {'country': 1, 'title': 'text', 'bio': 'text'}, 'name': 'words', 'weights': {'title': 10, 'bio': 1}},
                {'key': {'seen': 1}, 'name': 'seen_1', 'expireAfterSeconds': 3600},
                {'key': {'age': 1}, 'name': 'adults', 'partialFilterExpression': {'age': {'$gte': 18}, 'email': {'$exists': True}}},
                {'key': {'country': 1, 'city': -1}, 'name': 'country_1_city_-1'}]),
    'orders': ({'validator': {'$or': [{'total': {'$gte': 0}}, {'state': {'$in': ['void', 'gift']}},
                                      {'note': {'$regularExpression': {'pattern': '^free', 'options': 'i'}}}]},
                'validationLevel': 'moderate', 'validationAction': 'warn'}, [
                    {'key': {'user': 1, 'placed': -1}, 'name': 'user_1_placed_-1'},
                    {'key': {'user': 'hashed'}, 'name': 'user_hashed'},
                    {'key': {'ref': 1}, 'name': 'ref_1', 'unique': True, 'sparse': True},
                    {'key': {'state': 1}, 'name': 'state_1', 'hidden': True}]),
    'places': ({}, [{'key': {'loc': '2dsphere'}, 'name': 'loc_2dsphere'},
                    {'key': {'flat': '2d'}, 'name': 'flat_2d'},
                    {'key': {'name': 1}, 'name': 'name_de', 'collation': {'locale': 'de', 'strength': 1}}]),
    'docs': ({}, [{'key': {'$**': 1}, 'name': 'all', 'wildcardProjection': {'secret': 0, 'blob.data': 0}},
                  {'key': {'attrs.$**': 1}, 'name': 'attrs.$**_1'}]),
    'log': ({'capped': True, 'size': 1000000, 'max': 1000}, []),
    'names': ({'collation': {'locale': 'fr', 'strength': 2}}, [
        {'key': {'first': 1}, 'name': 'first_1', 'collation': {'locale': 'fr', 'strength': 2}},
        {'key': {'last': 1}, 'name': 'last_1', 'collation': {'locale': 'simple'}}]),
    'fs.files': ({}, [{'key': {'filename': 1, 'uploadDate': 1}, 'name': 'filename_1_uploadDate_1'}]),
    'fs.chunks': ({}, [{'key': {'files_id': 1, 'n': 1}, 'name': 'files_id_1_n_1', 'unique': True}]),
    'adults': ({'viewOn': 'users', 'pipeline': [{'$match': {'age': {'$gte': 18}, 'since': {'$lt': {'$date': {'$numberLong': '0'}}}}},
                                                {'$project': {'email': 1, 'name': 1}}]}, []),
    'spent': ({'viewOn': 'orders', 'pipeline': [
        {'$lookup': {'from': 'adults', 'localField': 'user', 'foreignField': '_id', 'as': 'u'}},
        {'$group': {'_id': '$user', 'sum': {'$sum': '$total'}, 'limit': {'$max': {'$numberLong': '5'}}}}]}, []),
    'top': ({'viewOn': 'spent', 'pipeline': [{'$sort': {'sum': -1, '_id': 1}}, {'$limit': {'$numberLong': '10'}}]}, []),
    'sorted': ({'viewOn': 'names', 'pipeline': [], 'collation': {'locale': 'fr', 'strength': 2}}, []),
}
NEWER = {
    'weather': ({'timeseries': {'timeField': 't', 'metaField': 'm', 'granularity': 'hours'},
                 'expireAfterSeconds': 86400}, [{'key': {'m': 1, 't': 1}, 'name': 'm_1_t_1'}]),
    'ticks': ({'timeseries': {'timeField': 't'}}, []),
    'clustered': ({'clusteredIndex': {'key': {'_id': 1}, 'unique': True}, 'expireAfterSeconds': 60}, [
        {'key': {'a': 1}, 'name': 'a_1'}]),
    'watched': ({'changeStreamPreAndPostImages': {'enabled': True}}, []),
    'unwatched': ({}, []),
}
SPANS = {'seconds': 3600, 'minutes': 86400, 'hours': 2592000}
COLLATION = {'caseLevel': False, 'caseFirst': 'off', 'strength': 3, 'numericOrdering': False, 'alternate': 'non-ignorable',
             'maxVariable': 'punct', 'normalization': False, 'backwards': False}


def int64(n):
    return {'$numberLong': str(n)}


# name: version, wire, number: how whole numbers of indexes and validators are kept (the old shell
# has doubles), and the marks of that server
LISTS = {
    '4.4': {'version': '4.4.29', 'wire': 9, 'number': float, 'noise': {'ns', 'background', 'no-defaults', 'rounded', 'false'},
            'fixture': {'index_build_info': 'ignore'}},
    '5.0': {'version': '5.0.31', 'wire': 13, 'number': int, 'noise': {'background', '2d', 'engine'},
            'fixture': {'index_build_info': 'refuse', 'batch': 3}},
    '6.0': {'version': '6.0.19', 'wire': 17, 'number': int64, 'noise': set(),
            'fixture': {'index_build_info': 'refuse', 'batch': 2}},
    '7.0': {'version': '7.0.16', 'wire': 21, 'number': int, 'noise': {'images-off'},
            'fixture': {'index_build_info': 'refuse', 'search': 'off'}},
    '8.0': {'version': '8.0.4', 'wire': 25, 'number': int, 'noise': {'order'},
            'fixture': {'index_build_info': 'wrap', 'search': 'off', 'batch': 1}},
    '8.2': {'version': '8.2.1', 'wire': 27, 'number': int, 'noise': {'viewless'},
            'fixture': {'index_build_info': 'wrap', 'search': 'off', 'ok': {'$numberInt': '1'}}},
    'documentdb': {'version': '7.0.77', 'wire': 21, 'number': float, 'noise': {'documentdb', 'rounded'},
                   'fixture': {'index_build_info': 'refuse', 'no_authorized_databases': True, 'ok': True}},
}


def uuid(server, name):
    raw = hashlib.md5((server + name).encode()).hexdigest()
    return {'$uuid': '-'.join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))}


def numbers(value, number):
    """The same with its whole numbers in that type, but for literal documents, whose types count."""
    if isinstance(value, dict):
        typed = len(value) == 1 and next(iter(value)) in ('$numberLong', '$numberInt', '$date', '$uuid', '$regularExpression')
        return value if typed else {k: v if k == 'enum' else numbers(v, number) for k, v in value.items()}
    if isinstance(value, list):
        return [numbers(v, number) for v in value]
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def collation(given, noise):
    if 'documentdb' in noise:
        return given
    return {**{'locale': given['locale']}, **COLLATION, **given, 'version': '57.1'}


def text_index(x, noise):
    """The key as it is kept: the words stand in `weights`."""
    words = [f for f, kind in x['key'].items() if kind == 'text']
    key, seen = {}, False
    for f, kind in x['key'].items():
        if kind != 'text':
            key[f] = kind
        elif not seen:
            key.update({'_fts': 'text', '_ftsx': 1})
            seen = True
    x['key'] = key
    weights = {f: x.get('weights', {}).get(f, 1) for f in words}
    if 'documentdb' in noise:
        x.update(weights={f: float(n) for f, n in weights.items()}, textIndexVersion=2, language_override='language')
    else:
        x.update(weights={f: weights[f] for f in sorted(weights)}, default_language='english', language_override='language',
                 textIndexVersion=3)


def index(server, name, given):
    """An entry of listIndexes."""
    about, noise = LISTS[server], LISTS[server]['noise']
    x = numbers(given, about['number'])
    kinds = set(map(str, given['key'].values()))
    if 'text' in kinds:
        x['weights'] = given['weights']
        text_index(x, noise)
    if '2dsphere' in kinds:
        x['2dsphereIndexVersion'] = 3
    if '2d' in kinds and '2d' in noise:
        x.update(bits=26, min=-180.0, max=180.0)
    if 'collation' in given:
        x['collation'] = collation(given['collation'], noise)
        if given['collation']['locale'] == 'simple' and 'documentdb' not in noise:
            del x['collation']
    if 'wildcardProjection' in given and 'documentdb' in noise:
        x['wildcardProjection'] = {**{f: bool(v) for f, v in given['wildcardProjection'].items()}, '_id': False}
    if 'background' in noise:
        x['background'] = True
    if 'ns' in noise:
        x['ns'] = 'app.' + name
    if 'false' in noise and len(given) == 2:
        x.update(sparse=False, unique=False)
    if 'engine' in noise:
        x['storageEngine'] = {'wiredTiger': {'configString': ''}}
    if 'documentdb' in noise and kinds <= {'1', '-1'} and '$**' not in given['key']:
        x['storageEngine'] = {'enableOrderedIndex': True}
    return {'v': 2, **x} if 'order' not in noise else {**dict(reversed(x.items())), 'v': 2}


def collection(server, name, given):
    """An entry of listCollections."""
    about, noise = LISTS[server], LISTS[server]['noise']
    options = json.loads(json.dumps(given))
    entry = {'name': name, 'type': 'collection', 'options': options}
    if 'collation' in given:
        options['collation'] = collation(given['collation'], noise)
    if 'viewOn' in given:
        entry.update(type='view', info={'readOnly': True})
        if 'documentdb' in noise:
            entry['idIndex'] = None
        return entry
    if 'validator' in given:
        options['validator'] = numbers(given['validator'], about['number'])
        if 'no-defaults' not in noise:
            options.setdefault('validationLevel', 'strict')
            options.setdefault('validationAction', 'error')
    elif 'documentdb' in noise and name == 'docs':
        options.update(validator={}, validationLevel='strict', validationAction='error')
    if 'capped' in given:
        options['size'] = about['number'](-(-given['size'] // 256) * 256 if 'rounded' in noise else given['size'])
        options['max'] = about['number'](given['max'])
    if 'expireAfterSeconds' in given:
        options['expireAfterSeconds'] = int64(given['expireAfterSeconds'])
    if 'clusteredIndex' in given:
        options['clusteredIndex'] = {'v': 2, **given['clusteredIndex'], 'name': '_id_'}
    if 'engine' in noise:
        options['storageEngine'] = {'wiredTiger': {'configString': ''}}
    if name == 'unwatched' and 'images-off' in noise:
        options['changeStreamPreAndPostImages'] = {'enabled': False}
    entry['info'] = {'readOnly': False, 'uuid': uuid(server, name)}
    if 'clusteredIndex' not in given or 'documentdb' in noise:
        entry['idIndex'] = {'v': 2, 'key': {'_id': 1}, 'name': '_id_', **({'ns': 'app.' + name} if 'ns' in noise else {})}
    if 'timeseries' in given:
        time_series(entry, noise)
    return entry


def time_series(entry, noise):
    """A view over its buckets, or on the newest servers a collection; documentdb only keeps the words."""
    if 'documentdb' in noise:
        return
    t = entry['options']['timeseries']
    t.setdefault('granularity', 'seconds')
    t['bucketMaxSpanSeconds'] = SPANS[t['granularity']]
    entry['type'] = 'timeseries'
    del entry['idIndex']
    if 'viewless' not in noise:
        entry['info'] = {'readOnly': False}


def buckets(server, entry):
    return {'name': 'system.buckets.' + entry['name'], 'type': 'collection',
            'options': {'validator': {'$jsonSchema': {'bsonType': 'object', 'required': ['_id', 'control', 'data']}},
                        'clusteredIndex': True, **entry['options']},
            'info': {'readOnly': False, 'uuid': uuid(server, 'system.buckets.' + entry['name'])}}


def greeting(server):
    about = LISTS[server]
    hello = {'helloOk': True, 'ismaster': True, 'isWritablePrimary': True, 'maxBsonObjectSize': 16777216,
             'maxMessageSizeBytes': 48000000, 'maxWriteBatchSize': 100000, 'localTime': {'$date': '2026-01-02T03:04:05Z'},
             'logicalSessionTimeoutMinutes': 30, 'connectionId': 7, 'minWireVersion': 0, 'maxWireVersion': about['wire'],
             'readOnly': False}
    if 'documentdb' in about['noise']:
        return hello
    return {'topologyVersion': {'processId': {'$oid': '65a000000000000000000001'}, 'counter': int64(6)}, 'hosts': ['db1:27017'],
            'setName': 'rs0', 'setVersion': 1, 'secondary': False, 'primary': 'db1:27017', 'me': 'db1:27017', **hello}


def fixture(server, newer=False, schema=None):
    """The fixture of a server with the schema (or another of its form) in the database `app`."""
    about, noise = LISTS[server], LISTS[server]['noise']
    schema = schema or {**SCHEMA, **(NEWER if newer else {})}
    entries, indexes = [], {}
    for name, (options, given) in schema.items():
        entry = collection(server, name, options)
        entries.append(entry)
        if entry['type'] == 'timeseries' and 'viewless' not in noise:
            entries.append(buckets(server, entry))
        own = [] if 'clusteredIndex' in options and 'documentdb' not in noise else [{'v': 2, 'key': {'_id': 1}, 'name': '_id_'}]
        if entry['type'] == 'timeseries':
            own = []
        indexes[name] = own + [index(server, name, x) for x in given]
        if 'clusteredIndex' in options and not own:
            indexes[name].insert(0, {'v': 2, 'key': {'_id': 1}, 'name': '_id_', 'unique': True, 'clustered': True})
    if 'documentdb' not in noise:
        entries.append({'name': 'system.views', 'type': 'collection', 'options': {},
                        'info': {'readOnly': False, 'uuid': uuid(server, 'system.views')},
                        'idIndex': {'v': 2, 'key': {'_id': 1}, 'name': '_id_'}})
    shuffle = random.Random(server).shuffle
    shuffle(entries)
    for of in indexes.values():
        shuffle(of)
    build = {'version': about['version'], 'versionArray': [*map(int, about['version'].split('.')), 0], 'modules': [], 'bits': 64,
             'storageEngines': ['devnull', 'wiredTiger'], 'maxBsonObjectSize': 16777216}
    who = {'authenticatedUsers': [], 'authenticatedUserRoles': []}
    own = {}
    if 'documentdb' in noise:
        build['ferretdb'] = {'version': 'v2.7.0'}
    else:
        who['authenticatedUserPrivileges'] = []
        own['tail'] = {'$clusterTime': {'clusterTime': {'$timestamp': {'t': 1700000000, 'i': 1}}, 'signature': {
            'hash': {'$binary': {'base64': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'subType': '00'}}, 'keyId': int64(0)}},
                       'operationTime': {'$timestamp': {'t': 1700000000, 'i': 1}}}
    databases = {'admin': {}, 'config': {}, 'local': {}, 'app': {'collections': entries, 'indexes': indexes}}
    return {'hello': greeting(server), 'buildInfo': build, 'connectionStatus': {'authInfo': who}, **own, **about['fixture'],
            'replies': {'getParameter': {'featureCompatibilityVersion': {'version': about['version'][:3]}}},
            'databases': databases}


def main():
    if len(sys.argv) < 2:
        print('\n'.join(LISTS))
    else:
        print(json.dumps(fixture(sys.argv[1], newer='newer' in sys.argv[2:]), indent=1))


if __name__ == '__main__':
    main()
