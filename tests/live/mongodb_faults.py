#!/usr/bin/env python3
"""Whatever a MongoDB server answers, snap ends with the named error of it, or with the snapshot as it is
without the fault: no crash, no word on standard error but its own, no secret anywhere.

usage: mongodb_faults.py SNAP [--valgrind] [--only WORD]

The scripted server does each of FAULTS. Everything that snap writes is searched for the password of the
URL. With --valgrind every tenth of them, less those of silence, runs under it: no error, no leak.
"""
import concurrent.futures
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
import shapes  # noqa: E402
from bsondoc import Doc, Raw, binary, cursor, deep, encode  # noqa: E402
from replay import Replay  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
VALGRIND = ['valgrind', '-q', '--error-exitcode=99', '--leak-check=full', '--show-leak-kinds=definite,indirect,possible',
            '--errors-for-leak-kinds=definite,indirect,possible']
CANARY = 'c4n4ry'
USER = 'app:%s%%2Fs3cr%%40t' % CANARY
LEAK = 'command saslStart failed for app with %s/s3cr@t and mongodb://app:%s%%2Fs3cr%%40t@h/' % (CANARY, CANARY)
ALERT = binary(b'\x15\3\3\0\2\2\x28')
SAME, LEDGER = (0, 'same'), (0, 'ledger')
CHECKS = FAILED = 0


def users(*entries):
    return binary(encode(cursor('app.users', list(entries))))


def entry(**more):
    return {'v': 2, 'key': {'a': 1}, 'name': 'a_1', **more}


def colls(*entries):
    return binary(encode(cursor('app.$cmd.listCollections', list(entries))))


def coll(name='users', **options):
    return {'name': name, 'type': 'collection', 'options': options, 'info': {'readOnly': False}}


def nested(levels):
    return Raw(deep(levels))


def deep_json(levels):
    return {'d': deep_json(levels - 1)} if levels else {}


LISTED, INDEXES, MORE = {'command': 'listCollections'}, {'command': 'listIndexes', 'on': 'users'}, {'command': 'getMore'}
LOST = (5, 'CONNECTION_LOST')
STRANGE = (3, 'NOT_UNDERSTOOD')
REFUSED = (5, 'CANNOT_OPEN')
# name, the rule, exit status and error; SAME: as without; LEDGER: it is named as not modelled
FAULTS = [
    ('closed at once', {'command': 'connect', 'close': True}, (5, 'CANNOT_OPEN')),
    ('an alert of TLS', {'command': 'connect', 'raw': ALERT}, (5, 'CANNOT_OPEN')),
    ('no hello', {'command': 'hello', 'hang': True}, (5, 'CANNOT_OPEN')),
    ('hello is refused', {'command': 'hello', 'error': [8000, 'AtlasError', 'no']}, (5, '')),
    ('hello is cut', {'command': 'hello', 'cut': 30}, (5, 'CANNOT_OPEN')),
    ('the password is refused', {'command': 'saslStart', 'error': [18, 'AuthenticationFailed', LEAK]}, (5, 'ACCESS_DENIED')),
    ('the login hangs', {'command': 'saslStart', 'hang': True}, (5, 'CANNOT_OPEN')),
    ('the login is cut', {'command': 'saslStart', 'cut': 40}, (5, '')),
]
for about, rule in (('hello', {'command': 'hello'}), ('login', {'command': 'saslStart'})):
    FAULTS += [(about + ': ' + name, {**rule, **fault}, REFUSED) for name, fault in [
        ('a length below zero', {'length': -1}),
        ('a length of 20 bytes', {'length': 20}),
        ('a length of 2 GB', {'length': 0x7fffffff}),
        ('another kind of message', {'opcode': 4711}),
        ('a checksum', {'checksum': True}),
        ('compressed wrongly', {'compressor': 2}),
        ('cut BSON', {'bson': binary(encode({'ok': 1.0, 'maxWireVersion': 17})[:-9])}),
        ('BSON that says it is longer', {'bson': binary(b'\x40' + encode({'ok': 1.0})[1:])}),
        ('BSON of no type', {'bson': binary(encode({'maxWireVersion': Raw(b'\x42'), 'ok': 1.0}))}),
        ('bytes for text', {'bson': binary(encode({'msg': b'\xff\xfe', 'maxWireVersion': b'\xff', 'ok': 1.0}))})]]
FAULTS += [
    ('hello: an empty document', {'command': 'hello', 'bson': binary(encode({}))}, REFUSED),
    ('hello: depth 90', {'command': 'hello', 'reply': {'maxWireVersion': 17, 'ismaster': True, 'x': deep_json(90)}}, SAME),
    ('login: an unknown section', {'command': 'saslStart', 'kind': 9}, REFUSED),
    ('login: of other numbers', {'command': 'saslStart', 'reply': {'conversationId': 'x', 'done': 'y', 'payload': 5}}, (None, None)),
]
# what may happen to any reply
for about, rule in (('collections', LISTED), ('indexes', INDEXES)):
    FAULTS += [(about + ': ' + name, {**rule, **fault}, want) for name, fault, want in [
        ('closed', {'close': True}, LOST),
        ('cut within the head', {'cut': 10}, LOST),
        ('cut behind the head', {'cut': 16}, LOST),
        ('cut within the document', {'cut': 60}, LOST),
        ('nothing comes', {'hang': True}, (6, 'TIMEOUT')),
        ('slow', {'wait': 150}, SAME),
        ('a length below zero', {'length': -1}, LOST),
        ('a length below the head', {'length': 7}, LOST),
        ('a length of 2 GB', {'length': 0x7fffffff}, LOST),
        ('a length of 20 bytes', {'length': 20}, LOST),
        ('49 MB', {'pad': 49000000}, LOST),
        ('another kind of message', {'opcode': 4711}, LOST),
        ('an unknown section', {'kind': 9}, LOST),
        ('a checksum', {'checksum': True}, SAME),
        ('compressed by nothing, unasked', {'compressor': 0}, LOST),
        ('compressed wrongly', {'compressor': 2}, LOST),
        ('compressed by what nobody knows', {'compressor': 77}, LOST),
        ('ok is true', {'ok': True}, SAME),
        ('ok is an int32', {'ok': {'$numberInt': '1'}}, SAME),
        ('ok is an int64', {'ok': {'$numberLong': '1'}}, SAME),
        ('13', {'error': [13, 'Unauthorized', 'not authorized on app']}, (3, '')),
        ('13 of one who did not log in', {'error': [13, 'Unauthorized', 'command requires authentication']}, (3, '')),
        ('18', {'error': [18, 'AuthenticationFailed', 'Authentication failed.']}, (5, 'ACCESS_DENIED')),
        ('59', {'error': [59, 'CommandNotFound', 'no such command']}, STRANGE),
        ('8000 with the password', {'error': [8000, 'AtlasError', LEAK]}, STRANGE),
        ('10107', {'error': [10107, 'NotWritablePrimary', 'not primary']}, (5, 'CONNECTION_LOST')),
        ('13436', {'error': [13436, 'NotPrimaryOrSecondary', 'node is recovering']}, (5, 'CONNECTION_LOST')),
        ('50', {'error': [50, 'MaxTimeMSExpired', 'operation exceeded time limit']}, (6, 'TIMEOUT')),
        ('11601', {'error': [11601, 'Interrupted', 'operation was interrupted']}, STRANGE),
        ('no code', {'error': [0, None, 'something failed']}, STRANGE),
        ('no code and no words', {'error': [0, None, None]}, STRANGE),
        ('words of a terminal', {'error': [2, 'BadValue', 'x\x1b]0;owned\x07\r\n\u202e\x9b31m']}, STRANGE),
        ('long words', {'error': [2, 'BadValue', 'w' * 100000]}, STRANGE),
        ('a document for a cursor', {'reply': {'cursor': 'none'}}, STRANGE),
        ('no cursor', {'reply': {'n': 1}}, STRANGE),
        ('no batch', {'reply': {'cursor': {'id': {'$numberLong': '0'}, 'ns': 'app.users'}}}, STRANGE),
        ('a batch of numbers', {'reply': {'cursor': {'id': {'$numberLong': '0'}, 'ns': 'app.users', 'firstBatch': [1]}}}, STRANGE),
        ('an entry of nothing', {'reply': {'cursor': {'id': {'$numberLong': '0'}, 'ns': 'app.users', 'firstBatch': [{}]}}}, STRANGE),
        ('cut BSON', {'bson': binary(encode(cursor('app.x', []))[:-9])}, LOST),
        ('BSON that says it is longer', {'bson': binary(b'\x40' + encode(cursor('app.x', []))[1:])}, LOST),
        ('BSON of no type', {'bson': binary(encode({'cursor': Raw(b'\x42'), 'ok': 1.0}))}, STRANGE),
        ('an empty document', {'bson': binary(encode({}))}, STRANGE),
    ]]
FAULTS += [
    ('collections: a name of bytes', {**LISTED, 'bson': colls(coll(name=b'\xff\xfe'))}, (3, '')),
    ('collections: a key twice', {**LISTED, 'bson': colls(coll(validator=Doc([('a', 1), ('a', 2)])))}, LEDGER),
    ('collections: depth 150', {**LISTED, 'bson': colls(coll(validator={'a': nested(150)}))}, (0, None)),
    ('collections: depth 300', {**LISTED, 'bson': colls(coll(validator={'a': nested(300)}))}, (3, '')),
    ('collections: depth 100,000', {**LISTED, 'bson': colls(coll(validator={'a': nested(100000)}))}, (3, '')),
    ('collections: no name', {**LISTED, 'bson': colls({'type': 'collection', 'options': {}})}, STRANGE),
    ('collections: a name of a number', {**LISTED, 'bson': colls({'name': 7, 'type': 'collection', 'options': {}})}, STRANGE),
    ('collections: NUL in a name', {**LISTED, 'bson': colls(coll(name='a\0b'))}, (3, '')),
    ('collections: one twice', {**LISTED, 'bson': colls(coll(), coll())}, (3, '')),
    ('collections: options of a text', {**LISTED, 'bson': colls({'name': 'users', 'type': 'collection', 'options': 'x'})}, STRANGE),
    ('collections: an unknown type', {**LISTED, 'bson': colls({'name': 'users', 'type': 'stream', 'options': {}})}, LEDGER),
    ('collections: a validator of a number', {**LISTED, 'bson': colls(coll(validator=5))}, (0, None)),
    ('collections: another each time', {**LISTED, 'grow': 'new'}, (3, 'TORN')),
    ('collections: another once', {**LISTED, 'nth': 1, 'grow': 'new'}, (0, None)),
    ('indexes: of bytes', {**INDEXES, 'bson': users(entry(x=b'\xff'))}, (3, '')),
    ('indexes: a key twice', {**INDEXES, 'bson': users({'v': 2, 'key': Doc([('a', 1), ('a', -1)]), 'name': 'a_1'})}, LEDGER),
    ('indexes: no key', {**INDEXES, 'bson': users({'v': 2, 'name': 'a_1'})}, (3, '')),
    ('indexes: a key of a number', {**INDEXES, 'bson': users({'v': 2, 'key': 3, 'name': 'a_1'})}, (3, '')),
    ('indexes: no name', {**INDEXES, 'bson': users({'v': 2, 'key': {'a': 1}})}, (3, '')),
    ('indexes: one twice', {**INDEXES, 'bson': users(entry(), entry())}, (3, '')),
    ('indexes: depth 300', {**INDEXES, 'bson': users(entry(partialFilterExpression={'a': nested(300)}))}, (3, '')),
    ('indexes: always gone', {**INDEXES, 'error': [26, 'NamespaceNotFound', 'ns does not exist']}, (3, 'TORN')),
    ('indexes: gone once', {**INDEXES, 'nth': 1, 'error': [26, 'NamespaceNotFound', 'ns does not exist']}, SAME),
    ('indexes: dropped in between', {**INDEXES, 'gone': 'users'}, (0, None)),
    ('indexes: of a view', {**INDEXES, 'error': [166, 'CommandNotSupportedOnView', 'it is a view']}, (3, 'TORN')),
    ('more: 43', {**MORE, 'error': [43, 'CursorNotFound', 'cursor id not found']}, (3, '')),
    ('more: 43 once', {**MORE, 'nth': 1, 'error': [43, 'CursorNotFound', 'cursor id not found']}, (None, None)),
    ('more: 237', {**MORE, 'error': [237, 'CursorKilled', 'killed']}, (3, '')),
    ('more: 13', {**MORE, 'error': [13, 'Unauthorized', 'not authorized']}, (3, '')),
    ('more: closed', {**MORE, 'close': True}, LOST),
    ('more: cut', {**MORE, 'cut': 50}, LOST),
    ('more: nothing comes', {**MORE, 'hang': True}, (6, 'TIMEOUT')),
    ('more: no batch', {**MORE, 'reply': {'cursor': {'id': {'$numberLong': '0'}}}}, STRANGE),
    ('more: for ever', {**MORE, 'reply': {'cursor': {'id': {'$numberLong': '7'}, 'nextBatch': []}}}, (3, 'LIMIT')),
    ('more: depth 300', {**MORE, 'bson': binary(encode(cursor('app.x', [{'a': nested(300)}], first=False)))}, (3, '')),
]


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)
    return ok


def run(fixture, rules, folder, prefix=()):
    """(exit status, standard error, the snapshot's text or '')"""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, 'out.json')
    slow = ['--timeout', '20s' if prefix else '2s', '--connect-timeout', '10s' if prefix else '1s']
    with Replay(fixture={**fixture, 'rules': rules}) as server:
        r = subprocess.run([*prefix, SNAP, 'snapshot', server.url(user=USER), '-o', path, *slow], capture_output=True,
                           cwd=folder, env=dict(os.environ, NO_COLOR='1'), timeout=120, errors='replace', encoding='utf-8')
    text = ''
    if os.path.exists(path):
        with open(path, encoding='utf-8') as f:
            text = f.read()
    return r.returncode, r.stdout, r.stderr, text


def own_words(err):
    """Standard error holds messages of snap alone: `snap: CODE: text` and hints."""
    return all(line.startswith(('snap: ', '      ')) and line.isprintable() for line in err.splitlines())


def judge(name, got, want, whole):
    code, out, err, text = got
    status, word = want
    told = '%s: exit %d\n%s%s' % (name, code, out, err)
    check(CANARY not in out + err + text and 's3cr' not in out + err + text, 'the password is told: ' + told)
    check(own_words(err), 'words of others: ' + told)
    if status is None:
        return check(code in (0, 3, 5), told)
    if word == '':
        ok = code == status and 'snap: ' in err and not text
    elif word is None:
        ok = code == 0 and text
    elif want == LEDGER:
        ok = code == 0 and '"ledger":[]' not in text and '"why":' in text
    elif want == SAME:
        ok = code == 0 and text == whole
    else:
        ok = code == status and 'snap: %s: ' % word in err and not text
    return check(ok, 'not %s %s: %s' % (status, word, told))


def left_over():
    """A file that a killed process of the same number left behind: the client library would speak of it."""
    def leave():
        open('/dev/shm/mongoc-%d' % os.getpid(), 'w', encoding='utf-8').close()
    p = subprocess.Popen([SNAP, 'version'], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=leave)
    err = p.communicate()[1]
    if os.path.exists('/dev/shm/mongoc-%d' % p.pid):
        os.unlink('/dev/shm/mongoc-%d' % p.pid)
    check(p.returncode == 0 and not err, 'words of the client library: %s' % err)


def main():
    only = sys.argv[sys.argv.index('--only') + 1] if '--only' in sys.argv else ''
    prefix = VALGRIND if '--valgrind' in sys.argv else []
    faults = [f for f in FAULTS if only in f[0]]
    fixture = {**shapes.fixture('7.0'), 'batch': 4}
    with tempfile.TemporaryDirectory() as folder:
        code, out, err, whole = run(fixture, [], folder, prefix)
        left_over()
        check(code == 0 and whole and not err, 'without a fault: exit %d\n%s%s' % (code, out, err))
        faults = [f for f in faults if 'hang' not in f[1]][::10] if prefix else faults
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(run, fixture, [rule], os.path.join(folder, str(i)), prefix)
                    for i, (_, rule, _) in enumerate(faults)]
            for (name, _, want), done in zip(faults, runs):
                judge(name, done.result(), want, whole)
    print('mongodb_faults: %d faults, %d checks, %d failed' % (len(faults), CHECKS, FAILED))
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
