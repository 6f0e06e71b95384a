"""Schemas with everything in it, as commands. A zoo is a name and a list of commands."""
import struct

import with_pymongo  # noqa: F401
from bson.decimal128 import Decimal128
from values import ARRAY, BINARY, CODE, DATE, DBPTR, DECIMAL, DOC, DOUBLE, INT, LONG, MAX, MIN, NULL, OID, \
    REGEX, SCOPE, STAMP, STRING, SYMBOL, UNDEFINED, tree

OBJECT_ID = bytes.fromhex('5f4e3d2c1b0a998877665544')


def decimal(s):
    return DECIMAL, Decimal128(s).bid


def regex(pattern, flags=''):
    return REGEX, (pattern, flags)


def deep(n):
    v = (INT, 1)
    for i in range(n):
        v = (ARRAY, [v]) if i % 7 == 3 else (DOC, [('d', v)])
    return v


LITERALS = {
    **{'int %d' % i: (INT, i) for i in (0, 1, -1, 2147483647, -2147483648)},
    **{'long %d' % i: (LONG, i) for i in (0, 1, -1, 2147483648, 9007199254740993, (1 << 63) - 1, -1 << 63)},
    **{'double %r' % d: (DOUBLE, d) for d in (1.0, -0.0, 0.1, 1e3, 1e300, 5e-324, 1.79e308, 123456789.0,
                                              float('inf'), float('-inf'), float('nan'))},
    **{'decimal ' + s: decimal(s) for s in ('1.500', '1E+6144', 'NaN', '-Infinity', '-0', '0.1')},
    **{'date %d' % i: (DATE, i) for i in (0, 1577836800123, -1, -62135596800000, 253402300800000)},
    'regex with a flag': regex('^a', 'i'),
    'regex with quotes': regex('a/b"\\\\\'\\/'),
    'empty regex': regex(''),
    'regex with flags': regex('x #${HOME}', 'imsx'),
    'object id': (OID, OBJECT_ID),
    'empty binary': (BINARY, (0, b'')),
    'binary': (BINARY, (0, bytes(range(256)))),
    'old uuid': (BINARY, (3, bytes(range(16)))),
    'uuid': (BINARY, (4, bytes(range(16)))),
    'md5': (BINARY, (5, bytes(16))),
    'own binary': (BINARY, (0x80, b'\xff\0')),
    'timestamp': (STAMP, (1, 2)),
    'late timestamp': (STAMP, (4294967295, 4294967295)),
    'min': (MIN, None),
    'max': (MAX, None),
    'null': (NULL, None),
    'undefined': (UNDEFINED, None),
    'code': (CODE, 'function () { return "${HOME}"; }'),
    'code with a scope': (SCOPE, ('return x;', [('x', (LONG, 1)), ('${x}', (NULL, None))])),
    'symbol': (SYMBOL, 'sym${x}'),
    'dbpointer': (DBPTR, ('db.c', OBJECT_ID)),
    'dbref': (DOC, [('$ref', (STRING, 'c')), ('$id', (OID, OBJECT_ID)), ('$db', (STRING, 'd'))]),
    'no text': (STRING, ''),
    'text of the world': (STRING, '漢字かな 한국어 עברית 🂡👩‍👩‍👧 é e\u0301'),
    'separators': (STRING, 'a\u2028b\u2029c\u0085d\ufeffe\u00a0'),
    'nul in a text': (STRING, 'a\0b'),
    'text that YAML reads': (STRING, ' : - # & * ! | > \' " % @ ` {[]}, ? \\ \n\n  two\n---\n...\n= ~ no \n\t\n'),
    'text that Liquibase reads': (STRING, '${HOME} ${x} $${x} ${snap_secret} ${DB_PASSWORD:-y} #{x} $ { }'),
    'controls': (STRING, ''.join(map(chr, range(1, 32))) + '\x7f\r\n\r \x1b[31m'),
    'long text': (STRING, 'lorem ipsum "dolor" ' * 460),
    'no members': (DOC, []),
    'no elements': (ARRAY, []),
    'arrays in arrays': (ARRAY, [(ARRAY, [(ARRAY, []), (INT, 1)]), (DOC, []), (LONG, 2)]),
    'order of keys': (DOC, [('z', (INT, 1)), ('a', (INT, 2)), ('m', (INT, 3)), ('_id', (INT, 4))]),
    'odd keys': (DOC, [('', (INT, 1)), ('a.b', (INT, 2)), ('${HOME}', (INT, 3)), ('"\'\\', (INT, 4)),
                       ('\n\t\x1b', (INT, 5)), ('ключ', (INT, 6))]),
    'levels': deep(60),
}
# As operators of a query: the forms that are no plain value.
QUERIES = {
    'regex form': {'$regex': '^a${x}'},
    'regex form with options': {'$regex': '^a', '$options': 'i'},
    'regex literal with options': (DOC, [('$regex', regex('^a')), ('$options', (STRING, 'i'))]),
    'regex beside others': {'$exists': True, '$regex': 'a', '$options': 'm'},
    'type by name': {'$type': 'string'},
    'types': {'$type': ['string', 2, 16.0]},
    'in': (DOC, [('$in', (ARRAY, [(INT, 1), (LONG, 1), (DOUBLE, 1.5), regex('x', 'i'), (NULL, None)]))]),
    'not': {'$not': {'$gt': (LONG, 5)}},
    'mod': {'$mod': [4.0, 0]},
    'match': {'$elemMatch': {'a': {'$gte': (DATE, 5)}, 'b': {'$ne': (BINARY, (4, bytes(16)))}}},
}


def create(name, **members):
    return {'create': name, **members}


def view(name, on, *pipeline, **members):
    return {'create': name, 'viewOn': on, 'pipeline': list(pipeline), **members}


def index(collection, name, key, **members):
    """key: {field: kind}"""
    return {'createIndexes': collection, 'indexes': [{'key': key, 'name': name, **members}]}


GEO = {'a': '2dsphere'}
NAMES = ['plain', 'with blank', 'dotted.name.s', 'qu"o\'te`s', 'back\\slash', 'tab\tnewline', 'ключ漢字🂡',
         'x: y # z', '-', 'null', '1e3', '_', 'UPPER', 'upper', '%41', '{"a":1}', 'esc\x1b[31m']

INDEXES = [
    create('c'), create('t1'), create('t2'), create('t3'), create('t4'), create('w1'), create('w2'),
    index('c', 'plain', {'a': 1}),
    index('c', 'down', {'b': -1}),
    index('c', 'two', {'a': 1, 'b': -1}),
    index('c', 'two other way', {'b': -1, 'a': 1}),
    index('c', 'deep', {'a.b.c': 1}),
    index('c', 'unique', {'u': 1}, unique=True),
    index('c', 'sparse', {'s': 1}, sparse=True),
    index('c', 'unique sparse', {'us': 1}, unique=True, sparse=True),
    index('c', 'partial', {'p': 1}, partialFilterExpression={'p': {'$gt': (LONG, 5)}, 'q': 'x${x}'}),
    index('c', 'partial other', {'p': 1}, partialFilterExpression={'q': {'$exists': True}}),
    index('c', 'unique partial', {'up': 1}, unique=True, partialFilterExpression={'d': {'$lt': (DATE, 7)}}),
    index('c', 'ttl', {'t': 1}, expireAfterSeconds=3600),
    index('c', 'ttl at once', {'t0': 1}, expireAfterSeconds=0),
    index('c', 'ttl partial', {'tp': 1}, expireAfterSeconds=60, partialFilterExpression={'a': 1}),
    index('c', 'hidden', {'h': 1}, hidden=True),
    index('c', 'hidden unique', {'hu': 1}, hidden=True, unique=True),
    index('c', 'hashed', {'hash': 'hashed'}),
    index('c', 'hashed two', {'ha': 1, 'hb': 'hashed'}),
    index('c', 'sphere', {'geo': '2dsphere'}),
    index('c', 'sphere two', {'geo2': '2dsphere', 'a': 1}),
    index('c', 'sphere old', {'geo3': '2dsphere'}, **{'2dsphereIndexVersion': 2}),
    index('c', 'flat', {'flat': '2d'}),
    index('c', 'flat of its own', {'flat2': '2d'}, bits=20, min=-10.0, max=10.0),
    index('t1', 'text', {'a': 'text'}),
    index('t2', 'text weights', {'b': 'text', 'a': 'text'}, weights={'b': 3, 'a': 10}, default_language='french',
          language_override='lang'),
    index('t3', 'text two', {'x': 1, 'a': 'text', 'y': -1}),
    index('t4', 'text all', {'$**': 'text'}),
    index('w1', 'wild', {'$**': 1}),
    index('w2', 'wild some', {'$**': 1}, wildcardProjection={'a': 1, 'b.c': 1}),
    index('w2', 'wild others', {'d.$**': 1}),
    index('w1', 'wild none', {'$**': 1}, wildcardProjection={'a': 0}),
    index('c', 'wild two', {'k': 1, '$**': 1}, wildcardProjection={'k': 0}),
    index('c', 'collated', {'f': 1}, collation={'locale': 'fr', 'strength': 2}),
    index('c', 'not collated', {'f': 1}),
    index('c', 'collated other', {'f': 1}, collation={'locale': 'de', 'numericOrdering': True}),
    index('c', 'collated unique', {'cu': 1}, collation={'locale': 'sv'}, unique=True),
    index('c', 'double', {'n1': 1.0, 'n2': (LONG, -1), 'n3': 5}),
    index('c', 'old', {'v1': 1}, v=1),
    index('c', 'prepared', {'prep': 1}, prepareUnique=True),
    index('c', 'background', {'bg': 1}, background=True),
    index('c', 'vector', {'vec': 'cosmosSearch'}, cosmosSearchOptions={
        'kind': 'vector-hnsw', 'm': 16, 'efConstruction': 64, 'similarity': 'COS', 'dimensions': 3}),
    *[index('t1', n, {'f%d' % i: 1}) for i, n in enumerate(NAMES)],
    index('t2', 'odd fields', {'ключ': 1, 'a b': -1, 'x${HOME}': 1, "q'u\"o": 1}),
]

SCHEMA = {'$jsonSchema': {
    'bsonType': 'object', 'title': 'A thing', 'description': 'with ${HOME}, "quotes" and \u2028',
    'required': ['z', 'a'], 'additionalProperties': False, 'minProperties': 1, 'maxProperties': (LONG, 10),
    'properties': {
        '_id': {}, 'z': {'bsonType': ['int', 'long']}, 'a': {'enum': [1, (LONG, 2), 2.5, 'x', None, {'k': 1, 'b': 2}]},
        's': {'type': 'string', 'pattern': '^a+$', 'minLength': 1, 'maxLength': 9},
        'n': {'bsonType': 'decimal', 'minimum': decimal('1.50'), 'exclusiveMinimum': True, 'multipleOf': 0.5},
        'l': {'bsonType': 'array', 'items': {'bsonType': 'object', 'properties': {'q': {'not': {'type': 'null'}}}},
              'uniqueItems': True, 'minItems': 0},
        'o': {'anyOf': [{'bsonType': 'int'}, {'bsonType': 'object', 'dependencies': {'a': ['b']}}]},
    },
    'patternProperties': {'^x_': {'bsonType': 'bool'}}, 'allOf': [{'required': ['z']}, {'oneOf': [{'required': ['a']}]}],
}}

VALIDATORS = [
    create('query', validator={'a': {'$gt': 1}, 'b': {'$in': [1, (LONG, 2), 'x', (REGEX, ('y', 'i'))]}}),
    create('both', validator={'$or': [{'a': 1}, {'$and': [{'b': {'$exists': False}}, {'c': {'$type': 'int'}}]}]}),
    create('literal', validator={'a': {'z': 1, 'a': (LONG, 2)}, 'b': {'$eq': {'y': 1, 'b': 2}}}),
    create('moderate', validator={'a': 1}, validationLevel='moderate', validationAction='warn'),
    create('off', validator={'a': 1}, validationLevel='off'),
    create('expression', validator={'$expr': {'$lt': ['$a', {'$multiply': ['$b', 1.5]}]}}),
    create('simple schema', validator={'$jsonSchema': {'bsonType': 'object', 'required': ['b', 'a'],
                                                       'properties': {'b': {'bsonType': 'int', 'minimum': 0}}}}),
    create('schema', validator=SCHEMA),
    create('long', validator={'$and': [{'field%d' % i: {'$ne': 'value of ${x} %d' % i}} for i in range(400)]}),
    create('none', validator={}),
    create('no level', validationLevel='moderate'),
]
VIEWS = [
    create('base'),
    create('other'),
    # names run against the order in which they are needed
    *[view('v%02d' % i, 'base' if i == 9 else 'v%02d' % (i + 1), {'$match': {'n': {'$gt': (LONG, i)}}})
      for i in range(9, -1, -1)],
    view('z view', 'v05', {'$project': {'a': 1, 'b': {'$concat': ['$a', '${x}', '$$ROOT.b']}}}),
    view('a lookup', 'base', {'$lookup': {'from': 'z view', 'localField': 'a', 'foreignField': 'b', 'as': 'c'}}),
    view('a union', 'other', {'$unionWith': {'coll': 'z view', 'pipeline': [{'$match': {'x': (DATE, 1)}}]}}),
    view('a union of all', 'other', {'$unionWith': 'a lookup'}),
    view('a graph', 'base', {'$graphLookup': {'from': 'other', 'startWith': '$a', 'connectFromField': 'a',
                                              'connectToField': 'b', 'as': 'c'}}),
    view('a facet', 'a graph', {'$facet': {'x': [{'$sort': {'z': 1, 'a': -1}}, {'$limit': (LONG, 5)}],
                                           'y': [{'$count': 'n'}]}}),
    view('collated', 'base', collation={'locale': 'fr'}),
    view('dangling', 'nowhere', {'$match': {}}),
    view('empty', 'base'),
]

OPTIONS = [
    create('capped', capped=True, size=8192),
    create('capped both', capped=True, size=(LONG, 1 << 33), max=100),
    create('series', timeseries={'timeField': 't'}),
    create('series minutes', timeseries={'timeField': 't', 'metaField': 'm', 'granularity': 'minutes'},
           expireAfterSeconds=(LONG, 3600)),
    create('series hours', timeseries={'timeField': 't', 'granularity': 'hours'}),
    create('series own', timeseries={'timeField': 't', 'bucketRoundingSeconds': 60, 'bucketMaxSpanSeconds': 60}),
    create('clustered', clusteredIndex={'key': {'_id': 1}, 'unique': True}),
    create('clustered named', clusteredIndex={'key': {'_id': 1}, 'unique': True, 'name': 'by id'},
           expireAfterSeconds=100),
    create('collated', collation={'locale': 'de', 'strength': 1, 'caseLevel': True}),
    index('collated', 'inherits', {'a': 1}),
    index('collated', 'simple', {'b': 1}, collation={'locale': 'simple'}),
    index('collated', 'other', {'c': 1}, collation={'locale': 'fr'}),
    create('simple', collation={'locale': 'simple'}),
    create('images', changeStreamPreAndPostImages={'enabled': True}),
    create('engine', storageEngine={'wiredTiger': {'configString': 'block_compressor=zstd'}}),
    create('engine of indexes', indexOptionDefaults={'storageEngine': {'wiredTiger': {'configString': 'x=1'}}}),
    create('all', capped=True, size=4096, validator={'a': 1}, validationLevel='moderate', collation={'locale': 'sv'}),
]

NAMED = [create(n) for n in NAMES if n not in ('_',)] + \
    [view('view of ' + n, n, {'$match': {'n': n}}) for n in NAMES if n != '_'] + \
    [index(n, 'i', {'a': 1}, unique=True) for n in NAMES if n != '_']

TYPED = [
    create('base'),
    view('all literals', 'base', *[{'$addFields': {'f': {'$literal': v}}} for v in LITERALS.values()]),
    create('in a validator', validator={'$or': [{'f%d' % i: {'$ne': v}} for i, v in enumerate(
        v for k, v in LITERALS.items() if k not in ('undefined', ))]}),
    create('queries', validator={'$and': [{'f': v} for v in QUERIES.values()]}),
]

ZOOS = {'indexes': INDEXES, 'validators': VALIDATORS, 'views': VIEWS, 'options': OPTIONS, 'names': NAMED,
        'literals': TYPED}


def make(server, db, commands):
    server.drop(db)
    for c in commands:
        server.run(db, c)


def is_default(key, value):
    return key in ('v', 'background') or (key, value) in (
        ('validator', {}), ('collation', {'locale': 'simple'}), ('2dsphereIndexVersion', 3))


def lacking(commands, observed):
    """What a server does not list of that which it was told to make: a server that leaves options out would
    leave nothing to be judged."""
    found = []
    for c in commands:
        if 'create' in c:
            made = [((c['create'], ''), {k: v for k, v in c.items() if k != 'create'})]
        else:
            made = [((c['createIndexes'], i['name']), {k: v for k, v in i.items() if k != 'name'}) for i in c['indexes']]
        for key, members in made:
            found += ['%s %s' % ('/'.join(key), k) for k, v in members.items()
                      if not is_default(k, v) and k not in observed.get(key, ())]
            if key not in observed:
                found.append('/'.join(key))
    return found
