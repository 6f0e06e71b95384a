#!/usr/bin/env python3
"""Queries that snap takes for one are one to a real server.

usage: mongodb_meaning.py
The server is SNAP_TEST_MONGODB_URL. Each pair `one` of tests/mongodb/meaning.tsv finds the same of 1,000
documents, or is refused in both spellings; it may be refused in one where that is for a word that the
server does not know. The table says what snap does with it: tests/unit/test_mongodb_canon.c.
"""
import base64
import datetime
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../mongodb'))
import observe  # noqa: E402
import values  # noqa: E402
from values import ARRAY, BINARY, BOOL, DATE, DOC, DOUBLE, INT, LONG, NULL, REGEX, STRING  # noqa: E402

import pymongo  # noqa: E402

DB = 'snap_test_meaning_%d' % os.getpid()
UNKNOWN = ('Unknown $jsonSchema keyword', 'Unrecognized data type alias')


def of_wrapper(key, v):
    """The value that a wrapper of Extended JSON means; None: it is a document."""
    if key == '$numberLong':
        return LONG, int(v)
    if key == '$numberDouble':
        return DOUBLE, float(v)
    if key == '$date':
        if isinstance(v, str):
            at = datetime.datetime.fromisoformat(v.replace('Z', '+00:00'))
            return DATE, int(at.timestamp() * 1000)
        return DATE, int(v[0][1])
    if key == '$regularExpression':
        return REGEX, (v[0][1], v[1][1])
    if key == '$binary':
        return BINARY, (int(v[1][1], 16), base64.b64decode(v[0][1]))
    return None


def tree(v):
    if isinstance(v, list) and all(isinstance(m, tuple) for m in v) and not isinstance(v, Array):
        wrapped = of_wrapper(*v[0]) if len(v) == 1 else None
        return wrapped or (DOC, [(k, tree(m)) for k, m in v])
    if isinstance(v, Array):
        return ARRAY, [tree(m) for m in v]
    if isinstance(v, bool):
        return BOOL, v
    if isinstance(v, int):
        return (INT if -1 << 31 <= v < 1 << 31 else LONG), v
    if isinstance(v, float):
        return DOUBLE, v
    return (NULL, None) if v is None else (STRING, v)


class Array(list):
    """Of JSON; a document is a plain list of pairs."""


class Empty(list):
    """A document without members."""


def parsed(text):
    def pairs(members):
        return members or Empty()

    def walk(v):
        if isinstance(v, Empty):
            return v
        if isinstance(v, list) and v and isinstance(v[0], tuple):
            return [(k, walk(m)) for k, m in v]
        return Array(walk(m) for m in v) if isinstance(v, list) else v
    return tree(walk(json.loads(text, object_pairs_hook=pairs)))[1]


def documents():
    """All that the table's fields can be, in all combinations."""
    of_a = [None, 0, 1, 2, 3, 5, 1.0, 1.5, 5e9, -0.0, float('nan'), 'x', 'X', 'xy', '^x', True, False, [], [1, 2],
            [2, 1], [1], [2, 4], ['x', 'y'], {}, {'b': 1, 'c': 2}, {'c': 2, 'b': 1}, {'b': 1},
            {'b': 1.0, 'c': [1, {'d': 2.0}]}, [{'b': 1, 'c': 2}], [{'b': 1}, {'c': 2}],
            [{'d': 3}, {'b': 1, 'c': 2}], [{'b': [{'c': 1, 'd': 2}]}], datetime.datetime(2020, 1, 1), 35, 34,
            9007199254740992, 5000000000, {'x': 1, 'y': 2}, 'y', ...]
    found = []
    for a in of_a:
        for b in (..., 1, 2, 'x', None):
            for c in (..., 1, 2, 3):
                n = len(found)
                d = {'_id': n, 'd': n % 4, 'a': a, 'b': b, 'c': c, 'x': n % 2, 'l': [{'a': 1, 'b': 2}]}
                if n % 3:
                    del d['l']
                found.append({k: v for k, v in d.items() if v is not ...})
    return found


def found(server, query):
    command = [('find', 'c'), ('filter', (DOC, query)), ('projection', (DOC, [('_id', (INT, 1))])),
               ('batchSize', (INT, 5000))]
    try:
        return frozenset(values.get(d, '_id')[1] for d in server.listed(DB, command)), ''
    except pymongo.errors.OperationFailure as e:
        return None, str(e)


def main():
    server = observe.Server(os.environ['SNAP_TEST_MONGODB_URL'])
    docs = documents()
    failed = pairs = tell = refused = 0
    try:
        server.client[DB].c.insert_many(docs)
        with open(os.path.join(HERE, '../mongodb/meaning.tsv'), encoding='utf8') as f:
            rows = [line.rstrip('\n').split('\t') for line in f if line.startswith('one\t')]
        for _, a, b in rows:
            (x, why_x), (y, why_y) = found(server, parsed(a)), found(server, parsed(b))
            pairs += 1
            refused += x is None or y is None
            tell += x == y and x is not None and 0 < len(x) < len(docs)
            unknown = any(w in why_x + why_y for w in UNKNOWN)
            if x != y and not unknown:
                failed += 1
                print('FAILED: %s\n        %s\n    %s %s' % (a, b, why_x or len(x), why_y or len(y)))
    finally:
        server.drop(DB)
    if pairs < 100 or tell < 60:
        failed += 1
        print('FAILED: only %d pairs, and %d that find some and not all' % (pairs, tell))
    print('mongodb_meaning: %d pairs of queries, %d find some and not all, %d refused, %d failed' %
          (pairs, tell, refused, failed))
    sys.exit(failed > 0)


main()
