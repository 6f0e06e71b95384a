"""Pairs of schemas, each with what differs between its sides: (name, FROM, TO). Both ways are judged."""
from values import DATE, DOUBLE, LONG, REGEX
from zoos import create, index, regex, view

SCHEMA = {'bsonType': 'object', 'required': ['a', 'b'], 'properties': {'a': {'bsonType': 'int'}, 'b': {}}}


def collection(*indexes, **members):
    return [create('c', **members), *[index('c', *i[:2], **(i[2] if len(i) > 2 else {})) for i in indexes]]


PAIRS = [
    ('order of keys', collection(('i', {'a': 1, 'b': -1})), collection(('i', {'b': -1, 'a': 1}))),
    ('beside', collection(('i', {'a': 1})),
     collection(('i', {'a': 1}), ('fr', {'a': 1}, {'collation': {'locale': 'fr'}}),
                ('sparse', {'a': 1}, {'sparse': True}),
                ('partial', {'a': 1}, {'partialFilterExpression': {'b': 1}}))),
    ('same name', collection(('i', {'a': 1}), ('j', {'x': 1}, {'unique': True})),
     collection(('i', {'b': 1}), ('j', {'x': 1, 'y': 1}, {'unique': True}))),
    ('swapped names', collection(('i', {'a': 1}), ('j', {'b': 1})), collection(('j', {'a': 1}), ('i', {'b': 1}))),
    ('hidden', collection(('i', {'a': 1}), ('u', {'b': 1}, {'unique': True})),
     collection(('i', {'a': 1}, {'hidden': True}), ('u', {'b': 1}, {'unique': True, 'hidden': True}))),
    ('ttl', collection(('i', {'a': 1}, {'expireAfterSeconds': 60})),
     collection(('i', {'a': 1}, {'expireAfterSeconds': 120}))),
    ('ttl or none', collection(('i', {'a': 1}), ('two', {'a': 1, 'b': 1})),
     collection(('i', {'a': 1}, {'expireAfterSeconds': 60}), ('two', {'a': 1, 'b': 1}))),
    ('ttl and hidden', collection(('i', {'a': 1}, {'expireAfterSeconds': 60})),
     collection(('i', {'a': 1}, {'expireAfterSeconds': 90, 'hidden': True}))),
    ('unique', collection(('i', {'a': 1, 'b': 1})), collection(('i', {'a': 1, 'b': 1}, {'unique': True}))),
    ('prepared', collection(('i', {'a': 1})), collection(('i', {'a': 1}, {'prepareUnique': True}))),
    ('sparse', collection(('i', {'a': 1})), collection(('i', {'a': 1}, {'sparse': True}))),
    ('partial', collection(('i', {'a': 1}, {'partialFilterExpression': {'b': {'$gt': 5}}})),
     collection(('i', {'a': 1}, {'partialFilterExpression': {'b': {'$gt': 6}}}))),
    ('wildcard', collection(('w', {'$**': 1}, {'wildcardProjection': {'a': 1}}), ('x', {'b.$**': 1})),
     collection(('w', {'$**': 1}, {'wildcardProjection': {'a': 0}}), ('x', {'c.$**': 1}))),
    ('wildcard of two', collection(('w', {'a': 1, '$**': 1}, {'wildcardProjection': {'a': 0}})),
     collection(('w', {'$**': 1, 'a': 1}, {'wildcardProjection': {'a': 0}}))),
    ('text', collection(('t', {'a': 'text'})), collection(('t', {'a': 'text', 'b': 'text'}, {
        'weights': {'a': 5}, 'default_language': 'french'}))),
    # no field has two kinds: an index build of documentdb meets documents that were deleted just now
    ('kinds', collection(('i', {'a': 'hashed'}), ('j', {'g': '2dsphere'}), ('k', {'f': '2d'}, {'bits': 20})),
     collection(('i', {'a': 1}), ('j', {'h': 1}), ('k', {'f': '2d'}, {'bits': 26}))),
    ('collation of an index', collection(('i', {'a': 1}, {'collation': {'locale': 'fr'}})),
     collection(('i', {'a': 1}, {'collation': {'locale': 'fr', 'strength': 1}}))),
    ('validator', collection(), collection(validator={'a': {'$gt': 1}}, validationLevel='moderate')),
    ('other validator', collection(validator={'a': (LONG, 1)}, validationAction='warn'),
     collection(validator={'$jsonSchema': SCHEMA}, validationLevel='moderate')),
    ('level', collection(validator={'a': 1}), collection(validator={'a': 1}, validationLevel='off')),
    ('schema', collection(validator={'$jsonSchema': SCHEMA}),
     collection(validator={'$jsonSchema': {**SCHEMA, 'title': 'x', 'required': ['a']}})),
    ('type of a literal', [create('c'), view('v', 'c', {'$addFields': {'x': {'$literal': 1}}})],
     [create('c'), view('v', 'c', {'$addFields': {'x': {'$literal': (LONG, 1)}}})]),
    ('order in a literal', collection(validator={'a': {'x': 1, 'y': 1}}), collection(validator={'a': {'y': 1, 'x': 1}})),
    ('regular expressions', collection(validator={'a': regex('^a'), 'd': {'$lt': (DATE, 5)}}),
     collection(validator={'a': regex('^a', 'i'), 'd': {'$lt': (DATE, 6)}})),
    ('view', [create('c'), create('d'), view('v', 'c', {'$match': {'a': 1}}), view('w', 'v')],
     [create('c'), create('d'), view('v', 'd', {'$match': {'a': 2}}), view('w', 'v')]),
    ('views in a row', [create('c')],
     [create('c'), view('c3', 'c'), view('b2', 'c3'), view('a1', 'b2', {'$lookup': {
         'from': 'c3', 'localField': 'a', 'foreignField': 'a', 'as': 'x'}})]),
    ('views the other way', [create('c'), view('b', 'c'), view('a', 'b', {'$match': {'x': 1}})],
     [create('c'), view('a', 'c'), view('b', 'a', {'$match': {'x': 1}})]),
    ('collation of a view', [create('c'), view('v', 'c', collation={'locale': 'fr'})],
     [create('c'), view('v', 'c', collation={'locale': 'de'})]),
    ('series', [create('s', timeseries={'timeField': 't'}, expireAfterSeconds=(LONG, 60))],
     [create('s', timeseries={'timeField': 't'}, expireAfterSeconds=(LONG, 120))]),
    ('series that keeps', [create('s', timeseries={'timeField': 't'}, expireAfterSeconds=(LONG, 60))],
     [create('s', timeseries={'timeField': 't'})]),
    ('capped', [create('s', capped=True, size=4096, max=5)], [create('s', capped=True, size=8192, max=50)]),
    ('capped without a number', [create('s', capped=True, size=4096, max=5)], [create('s', capped=True, size=4096)]),
    ('images', collection(), collection(changeStreamPreAndPostImages={'enabled': True})),
    ('clustered that ends', [create('s', clusteredIndex={'key': {'_id': 1}, 'unique': True})],
     [create('s', clusteredIndex={'key': {'_id': 1}, 'unique': True}, expireAfterSeconds=60)]),
    ('inherited collation', [create('c', collation={'locale': 'fr'}), index('c', 'i', {'a': 1})],
     [create('c', collation={'locale': 'fr'}), index('c', 'i', {'a': 1}, collation={'locale': 'simple'})]),
    ('name of an index', collection(('i', {'a': 1}), ('u', {'b': 1}, {'unique': True})),
     collection(('j', {'a': 1}), ('v', {'b': 1}, {'unique': True}))),
    ('unique and more', collection(('i', {'a': 1}), ('j', {'b': 1})),
     collection(('i', {'a': 1}, {'unique': True, 'hidden': True}),
                ('j', {'b': 1}, {'unique': True, 'expireAfterSeconds': 60}))),
    ('capped and more', [create('c', capped=True, size=4096, validator={'a': 1})],
     [create('c', capped=True, size=9000, validator={'a': 2})]),
    ('other collections', [create('c'), index('c', 'i', {'a': 1}), view('v', 'c')],
     [create('d'), index('d', 'i', {'a': 1}), view('v', 'd')]),
    ('much at once', [create('a'), create('b', validator={'x': 1}), index('b', 'i', {'y': 1}), view('va', 'a')],
     [create('b', validator={'x': 2}), create('d'), index('b', 'j', {'y': 1, 'z': 1}), index('d', 'i', {'a': 'hashed'}),
      view('va', 'b'), view('vb', 'va')]),
]
# What means the same: no change at all.
SAME = [
    ('numbers in a key', collection(('i', {'a': 1, 'b': -1})), collection(('i', {'a': 5.0, 'b': (LONG, -1)}))),
    ('order of clauses', collection(validator={'a': 1, 'b': {'$gt': 1, '$lt': 5}}),
     collection(validator={'b': {'$lt': 5, '$gt': 1}, 'a': (DOUBLE, 1.0)})),
    ('sets', collection(validator={'$jsonSchema': SCHEMA}), collection(validator={'$jsonSchema': {
        'required': ['b', 'a'], 'bsonType': ['object'], 'properties': {'b': {}, 'a': {'bsonType': 'int'}}}})),
    ('no validator', collection(), collection(validator={})),
    ('regular expressions', collection(validator={'a': {'$regex': '^a', '$options': 'i'}}),
     collection(validator={'a': (REGEX, ('^a', 'i'))})),
    ('simple collation', collection(('i', {'a': 1})), collection(('i', {'a': 1}, {'collation': {'locale': 'simple'}}))),
    ('defaults of a collation', collection(('i', {'a': 1}, {'collation': {'locale': 'fr'}})),
     collection(('i', {'a': 1}, {'collation': {'locale': 'fr', 'strength': 3, 'caseLevel': False}}))),
    ('weights', collection(('t', {'a': 'text', 'b': 'text'})), collection(('t', {'b': 'text', 'a': 'text'}, {
        'weights': {'a': 1.0}}))),
]
# What has no way back: applied, and refused by name when it is taken back.
ONE_WAY = [
    ('coarser', [create('s', timeseries={'timeField': 't', 'granularity': 'minutes'})],
     [create('s', timeseries={'timeField': 't', 'granularity': 'hours'})]),
]
# Of which the other way is refused.
ONE_SIDE = [
    ('collection for a view', [create('c'), view('v', 'c')], [create('c'), create('v')]),
]
# What cannot be changed in place: refused by name, not without a word.
REFUSED = [
    ('collation', collection(), collection(collation={'locale': 'fr'})),
    ('collation, back', collection(collation={'locale': 'fr'}), collection()),
    ('clustered', collection(), collection(clusteredIndex={'key': {'_id': 1}, 'unique': True})),
    ('clustered, back', collection(clusteredIndex={'key': {'_id': 1}, 'unique': True}), collection()),
    ('capped', [create('c')], [create('c', capped=True, size=4096)]),
    ('capped, back', [create('c', capped=True, size=4096)], [create('c')]),
    ('engine', [create('c')], [create('c', storageEngine={'wiredTiger': {'configString': 'x=1'}})]),
    ('time field', [create('s', timeseries={'timeField': 't'})], [create('s', timeseries={'timeField': 'u'})]),
    ('series', [create('s')], [create('s', timeseries={'timeField': 't'})]),
    ('series, back', [create('s', timeseries={'timeField': 't'})], [create('s')]),
    ('finer', [create('s', timeseries={'timeField': 't', 'granularity': 'hours'})],
     [create('s', timeseries={'timeField': 't', 'granularity': 'minutes'})]),
    ('view for a collection', [create('c'), create('v')], [create('c'), view('v', 'c')]),
]
