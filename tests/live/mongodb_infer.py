#!/usr/bin/env python3
"""snap infer on a real server: a census is what counting the documents one by one gives, samples of
unchanged documents say nothing, and no report holds a value.

usage: mongodb_infer.py SNAP
The server is SNAP_TEST_MONGODB_URL.
"""
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
import with_pymongo  # noqa: E402,F401
import bson  # noqa: E402
import pymongo  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
URL = os.environ['SNAP_TEST_MONGODB_URL']
NAME = 'snap_test_infer_%d' % os.getpid()
CANARY = 'Q7canary'
REPEATS = 30
CHECKS = FAILED = 0
TYPES = {int: 'int', bool: 'bool', float: 'double', str: 'string', dict: 'object', list: 'array',
         type(None): 'null', bson.Int64: 'long', bson.ObjectId: 'objectId', bytes: 'binData(0)',
         bson.Decimal128: 'decimal', datetime.datetime: 'date'}


def check(ok, text, seen=''):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: %s: %s' % (text, str(seen)[:2000]))


def url(name=NAME):
    head, _, query = URL.partition('?')
    scheme, _, rest = head.partition('://')
    return '%s://%s/%s%s' % (scheme, rest.split('/')[0], name, '?' + query if query else '')


def snap(*args):
    p = subprocess.run([SNAP, *args], capture_output=True, text=True, timeout=120)
    return p.returncode, p.stdout, p.stderr


def value(rng, depth):
    kinds = [lambda: rng.randint(0, 9), lambda: rng.random() < 0.5, lambda: 2.5,
             lambda: CANARY + str(rng.randint(0, 9)), lambda: None, lambda: bson.Int64(1 << 40),
             lambda: bson.ObjectId(), lambda: bson.Decimal128('1.5'),
             lambda: datetime.datetime(2026, 1, 1)]
    if depth and rng.random() < 0.3:
        return document(rng, depth - 1)
    if depth and rng.random() < 0.3:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    return rng.choice(kinds)()


def document(rng, depth):
    return {k: value(rng, depth) for k in 'abcde' if rng.random() < 0.6}


class Count:
    """What the fields of documents are, one document after the other."""

    def __init__(self):
        self.containers = []

    def add(self, doc):
        self.seen, self.at = set(), {}
        self.walk('', doc)
        self.containers.append((self.seen, self.at))

    def walk(self, path, v):
        if isinstance(v, dict):
            self.at.setdefault((dict, path), []).append(set(v))
            for k, m in v.items():
                self.field(path + '.' + k if path else k, m)
        elif isinstance(v, list):
            self.at.setdefault((list, path), []).append({'[]'} if v else set())
            for m in v:
                self.field(path + '[]', m)

    def field(self, path, v):
        self.seen.add((path, TYPES[type(v)]))
        self.walk(path, v)

    def result(self):
        """{path: (types, missing)}: documents with each type; with a parent that lacks the field."""
        out = {}
        for seen, _ in self.containers:
            for path, kind in seen:
                types = out.setdefault(path, [{}, 0])[0]
                types[kind] = types.get(kind, 0) + 1
        for path, entry in out.items():
            if path.endswith('[]'):
                parent, key = (list, path[:-2]), '[]'
            else:
                above, _, key = path.rpartition('.')
                parent = (dict, above)
            entry[1] = sum(any(key not in keys for keys in at.get(parent, []))
                           for _, at in self.containers)
        return out


def fields_of(report):
    fields = json.loads(report)['collections'][0]['fields']
    return {f['path']: [f['types'], f['missing']] for f in fields}


def census(db, seed, depth, with_binary):
    rng = random.Random(seed)
    docs = [dict(document(rng, depth), _id=i) for i in range(400)]
    if with_binary:
        docs[7]['e'] = b'x'
    db.drop_collection('c')
    db.c.insert_many(docs)
    rc, out, err = snap('infer', url(), '--census', '-f', 'json')
    count = Count()
    for d in docs:
        count.add(d)
    what = 'census, seed %d, depth %d' % (seed, depth)
    check(rc == 0 and not err, what, err)
    got, want = fields_of(out), count.result()
    check(got == want, what, [(k, got.get(k), want.get(k)) for k in sorted({*got, *want})
                              if got.get(k) != want.get(k)][:5])
    check(CANARY not in out, 'a value in the report', out)
    rc, out, err = snap('infer', url(), '--census', '-f', 'text')
    check(rc == 0 and CANARY not in out and 'documents, all of them' in out, what + ', as text', out)


def samples(db, folder):
    file, new = os.path.join(folder, 'was.json'), {'_id': -1, 'a': {'deep': [{'new': 1}]}}
    rng = random.Random(9)
    db.drop_collection('c')
    db.c.insert_many([dict(document(rng, 3), _id=i) for i in range(6000)])
    rc, _, err = snap('infer', url(), '--sample', '500', '-o', file)
    check(rc == 0, 'a report in a file', err)
    for i in range(REPEATS):
        rc, out, err = snap('infer', file, url(), '--sample', '500')
        check(rc == 0 and not out.count('\n') > 1, 'sample %d of unchanged documents' % i, out + err)
    rc, _, err = snap('infer', url(), '--census', '-o', file)
    rc, out, err = snap('infer', file, url(), '--census')
    check(rc == 0, 'a census and itself', out + err)
    db.c.insert_one(new)
    rc, out, err = snap('infer', file, url(), '--census')
    check(rc == 1 and 'a.deep' in out, 'one document with a new field, by census', out + err)
    db.c.update_many({'_id': {'$lt': 300}}, {'$set': {'zz': True}})
    rc, out, err = snap('infer', file, url(), '--sample', '1000')
    check(rc == 1 and 'zz' in out, 'a new field in 5 of 100, by sample', out + err)
    check(snap('infer', file, url(), '--sample', '1000', '-q')[1] == '', 'quiet')


def validator(db):
    db.drop_collection('c')
    db.c.insert_many([{'_id': i, 'name': CANARY, 'n': i if i % 2 else None} for i in range(50)])
    rc, out, err = snap('infer', url(), '--census', '--propose-validator')
    check(rc == 0 and CANARY not in out, 'a validator', err)
    command = json.loads(out)
    db.command(command)
    got = db.command('listCollections', filter={'name': 'c'})['cursor']['firstBatch'][0]['options']
    check(got['validator'] == command['validator'], 'the validator is taken', got)


def wrong(folder):
    file = os.path.join(folder, 'bad.json')
    for args, code, word in ((('--sample', '0', url()), 2, 'BAD_VALUE'),
                             (('--sample', '5', '--census', url()), 2, 'USAGE'),
                             (('sqlite:' + folder + '/x.db',), 2, 'USAGE'),
                             ((url(), '-f', 'yaml'), 2, 'UNKNOWN_FORMAT'),
                             ((url(), '--include', 'collection:none'), 3, 'PATTERN_UNKNOWN')):
        rc, out, err = snap('infer', *args)
        check(rc == code and word in err, 'infer ' + ' '.join(args), (rc, out, err))
    for text in ('{"snap_infer":1,"engine":"mongodb","collections":[', '{"snap_infer":1,"engine":"mongodb"}',
                 '{"snap_infer":1,"engine":"mongodb","collections":[{"collection":7}]}'):
        with open(file, 'w') as f:
            f.write(text)
        rc, out, err = snap('infer', file)
        check(rc > 1 and err.startswith('snap: '), 'a report that is none', (rc, out, err))


def main():
    client = pymongo.MongoClient(URL)
    db = client[NAME]
    try:
        for seed, depth in enumerate((0, 1, 2, 4, 9)):
            census(db, seed, depth, depth == 2)
        validator(db)
        with tempfile.TemporaryDirectory() as folder:
            samples(db, folder)
            wrong(folder)
    finally:
        client.drop_database(NAME)
    print('mongodb_infer: %d checks, %d failed' % (CHECKS, FAILED))
    return 1 if FAILED or not CHECKS else 0


sys.exit(main())
