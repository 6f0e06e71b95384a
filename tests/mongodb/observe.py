"""What a database is, as listCollections and listIndexes tell it to pymongo, in texts that are equal where
two databases mean the same. It is not snap's reading: it knows BSON, and the few spellings that a server
and a deployer may choose.

- identities (uuid), where and in what order something stands, engine-internal marks: no part of it;
- a validator that allows everything is none, and strict and error are what stands where nothing is said;
- {$regex: p, $options: o}, alone, is the regular expression: Java's reader makes one of it;
- a number in the key of an index is a direction; numbers of an index's own options are numbers.
"""
import values
from values import DOC, ARRAY, STRING, INT, LONG, DOUBLE, REGEX, NULL, get

import with_pymongo  # noqa: F401
import pymongo
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from bson.son import SON

RAW = CodecOptions(document_class=RawBSONDocument)
OURS = ('DATABASECHANGELOG', 'DATABASECHANGELOGLOCK')
NUMBERS = (INT, LONG, DOUBLE)


class Server:
    def __init__(self, url):
        self.url = url
        self.client = pymongo.MongoClient(url, serverSelectionTimeoutMS=10000)
        host = url.split('://', 1)[1]
        self.host, _, self.query = host.partition('/')
        self.query = self.query.partition('?')[2]

    def of(self, name):
        return 'mongodb://%s/%s%s' % (self.host, name, '?' + self.query if self.query else '')

    def run(self, db, command):
        """A command of Python values and trees; gives the reply as a tree."""
        members = [(k, values.tree(v)) for k, v in (command.items() if isinstance(command, dict) else command)]
        raw = RawBSONDocument(values.encode(members), RAW)  # documents within stay as they are
        reply = self.client[db].command(SON(raw.items()), codec_options=RAW)
        return values.decode(reply.raw)

    def listed(self, db, command):
        cursor = get(self.run(db, command), 'cursor')[1]
        found = list(get(cursor, 'firstBatch')[1])
        while get(cursor, 'id')[1]:
            of = get(cursor, 'ns')[1].split('.', 1)[1]
            cursor = get(self.run(db, [('getMore', get(cursor, 'id')), ('collection', of)]), 'cursor')[1]
            found += get(cursor, 'nextBatch')[1]
        return [v[1] for v in found]

    def drop(self, db):
        self.client.drop_database(db)


def one_regex(v):
    """The one equivalence of literals, wherever it stands."""
    t, x = v
    if t == DOC:
        keys = sorted(k for k, _ in x)
        if keys == ['$options', '$regex'] and all(e[0] == STRING for _, e in x):
            flags = ''.join(sorted(get(x, '$options')[1]))
            return REGEX, (get(x, '$regex')[1], flags)
        return DOC, [(k, one_regex(e)) for k, e in x]
    if t == ARRAY:
        return ARRAY, [one_regex(e) for e in x]
    if t == values.SCOPE:
        return t, x
    return v


def number(v):
    return (INT, int(v[1])) if v[0] in NUMBERS and v[1] == int(v[1]) else v


def options(members):
    found = dict(members)
    validator = found.get('validator')
    if validator in (None, (DOC, [])):
        found.pop('validator', None)
        if found.get('validationLevel') in (None, (STRING, 'strict')) and \
                found.get('validationAction') in (None, (STRING, 'error')):
            found.pop('validationLevel', None)
            found.pop('validationAction', None)
    else:
        found.setdefault('validationLevel', (STRING, 'strict'))
        found.setdefault('validationAction', (STRING, 'error'))
    for k in ('size', 'max', 'expireAfterSeconds'):
        if k in found:
            found[k] = number(found[k])
    return {k: values.text(one_regex(v)) for k, v in found.items()}


def direction(v):
    return (INT, 1 if v[1] > 0 else -1) if v[0] in NUMBERS else v


def index(members):
    found = {k: v for k, v in members if k not in ('ns', 'storageEngine', 'background')}
    found['key'] = (DOC, [(k, direction(v)) for k, v in found['key'][1]])
    for k in ('unique', 'sparse', 'hidden'):
        if found.get(k) == (values.BOOL, False):
            del found[k]
    if 'weights' in found:
        found['weights'] = (DOC, sorted((k, number(v)) for k, v in found['weights'][1]))
    for k, default in (('bits', 26), ('min', -180), ('max', 180), ('expireAfterSeconds', None)):
        if k in found:
            found[k] = number(found[k])
            if found[k] == (INT, default):
                del found[k]
    return {k: values.text(one_regex(v)) for k, v in found.items()}


def database(server, db):
    """{(collection, part): {member: text}}; part is '' for the collection, else the name of an index."""
    found = {}
    for c in server.listed(db, {'listCollections': 1}):
        name, kind = get(c, 'name')[1], get(c, 'type')[1]
        if name in OURS or name.startswith('system.'):
            continue
        found[name, ''] = dict(options(get(c, 'options')[1]), type=kind)
        if kind == 'view':
            continue
        for i in server.listed(db, {'listIndexes': name}):
            of = get(i, 'name')[1]
            if of != '_id_':
                found[name, of] = index(i)
    return found


def differences(got, want):
    lines = []
    for key in sorted(set(got) | set(want)):
        a, b = got.get(key), want.get(key)
        if a is None or b is None:
            lines.append('%s %s' % ('/'.join(key), 'lacks' if a is None else 'is too much'))
        elif a != b:
            for m in sorted(set(a) | set(b)):
                if a.get(m) != b.get(m):
                    lines.append('%s %s: got %s, wanted %s' % ('/'.join(key), m, a.get(m), b.get(m)))
    return lines
