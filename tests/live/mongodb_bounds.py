#!/usr/bin/env python3
"""What snap does not do to a MongoDB server, and where it ends by itself: commands of a script that reach
out of the scratch database, looks into documents that do not end.

usage: mongodb_bounds.py SNAP
"""
import os
import sys
import tempfile

from counted import Counted
from mongodb_run import run
from replay import Replay  # noqa: E402

COUNT = Counted('mongodb_bounds')
say = COUNT.check


def snap(folder, *words, want=0, told=()):
    status, text = run(*words, folder=folder)
    say(status == want and all(t in text for t in told), '%s: exit %d\n%s' % (words, status, text))
    return text


def scripts(folder):
    """Verbs that name a database of their own, by any door: none of them is sent."""
    verbs = ('{"applyOps": []}', '{"mapReduce": "c", "out": {"replace": "x", "db": "other"}}', '{"renameCollection": "a.b", "to": "c.d"}',
             '{"aggregate": "c", "pipeline": [], "cursor": {}}', '{"dropDatabase": 1}', '{"createUser": "u", "pwd": "p", "roles": []}',
             '{"create": "c", "$db": "other"}', '{"create,drop": "c"}', '{"": 1}')
    with Replay(generate='0x0', rules=[{'command': '*', 'without': 'listDatabases', 'reply': {'n': 1}}]) as server:
        with open(os.path.join(folder, 'snap.yml'), 'w', encoding='utf-8') as f:
            f.write('scratch: { mongodb: "%s" }\n' % server.url(''))
        for verb in verbs:
            for text in (verb, "db.runCommand(EJSON.parse('%s', {relaxed: false}));" % verb):
                with open(os.path.join(folder, 's.js'), 'w', encoding='utf-8') as f:
                    f.write(text + '\n')
                before = len(server.calls())
                snap(folder, 'diff', 'mongodb:s.js', 'empty', want=3, told=('CANNOT_VERIFY', 's.js line 1'))
                sent = [c[1] for c in server.calls()[before:]]
                known = {'connect', 'hello', 'isMaster', 'ping', 'buildInfo', 'listDatabases', 'endSessions', 'dropDatabase'}
                say(set(sent) <= known and sent.count('dropDatabase') == 1, '%s: %s are sent' % (verb, sent))


def cursor(*docs, more=0):
    return {'cursor': {'id': {'$numberLong': str(more)}, 'ns': 'app.c', 'firstBatch': list(docs)}}


def shape(n, kind='string'):
    return {'_id': {'t': 'object', 'm': [{'k': 'a', 's': kind}]}, 'n': n}


def infer(folder, rules, *words, want=0, told=()):
    """(what was told, the commands) for one collection."""
    search = {'command': 'aggregate', 'nth': 1, 'reply': cursor()}  # $listSearchIndexes
    with Replay(generate='1x0', rules=[search, *rules]) as server:
        text = snap(folder, 'infer', server.url(), *words, want=want, told=told)
        return text, [c[1] for c in server.calls()]


def counts(folder):
    """What the server says of the number of documents is no number of turns, and bound."""
    number = {'$numberLong': str(2 ** 53)}
    infer(folder, [{'command': 'aggregate', 'reply': cursor(shape(number))}], '--census', '--timeout', '20s', told=(str(2 ** 53),))
    for wrong in (-1, 0, 1.5, 'x', {'$numberLong': str(2 ** 53 + 1)}, {'$numberLong': str(2 ** 63 - 1)}):
        infer(folder, [{'command': 'aggregate', 'reply': cursor(shape(wrong))}], '--census', want=3, told=('NOT_UNDERSTOOD', 'without a number'))
    infer(folder, [{'command': 'aggregate', 'reply': cursor(shape(number), shape(1, 'int'))}], '--census', want=3, told=('NOT_UNDERSTOOD',))
    _, calls = infer(folder, [{'command': 'aggregate', 'reply': cursor(shape(1, 'binData'), shape(2), more=7)},
                              {'command': 'find', 'reply': cursor({'a': 1})}], '--census', told=('1 documents',))
    say('getMore' not in calls and 'killCursors' in calls and 'find' in calls, 'a shape that is not sure: %s' % calls)


def limits(folder):
    """Each command that looks into documents says how long it may take."""
    late, answer = [50, 'MaxTimeMSExpired', 'too late'], {'command': 'aggregate', 'reply': cursor({'a': 1})}
    for lacks, words in (('maxTimeMS', ()), ('allowDiskUse', ()), ('maxTimeMS', ('--census', '--statement-timeout', '9s')),
                         ('maxTimeMS', ('--census', '--timeout', '19s'))):
        infer(folder, [{'command': 'aggregate', 'without': lacks, 'error': late}, {**answer, 'reply': cursor(shape(1))}], *words)
    _, calls = infer(folder, [{'command': 'aggregate', 'error': late}], '--census', want=6, told=('TIMEOUT',))
    say('find' not in calls, 'a census that is late begins anew')


def validators(folder):
    """What cannot take one, and what has one."""
    for options, told, command in (({'timeseries': {'timeField': 't'}}, '// c000000: a time series takes no', False),
                                   ({'validator': {'a': 1}}, '// c000000: it has a validator', True)):
        rules = [{'command': 'listCollections', 'reply': cursor({'name': 'c000000', 'type': 'collection', 'options': options})},
                 {'command': 'aggregate', 'reply': cursor({'a': 1})}]
        text, _ = infer(folder, rules, '--propose-validator', told=(told,))
        say(('collMod' in text) == command, 'a validator for %s: %s' % (options, text))


def usage(folder):
    report, bad, out = (os.path.join(folder, n) for n in ('r.json', 'bad.json', 'out.txt'))
    infer(folder, [{'command': 'aggregate', 'reply': cursor(shape(1))}], '--census', '-o', report)
    with open(report, encoding='utf-8') as f, open(bad, 'w', encoding='utf-8') as g:
        g.write(f.read().replace('"documents":1', '"documents":-1'))
    snap(folder, 'infer', report, report, '-f', 'json', want=2, told=('USAGE', '--format json'))
    snap(folder, 'infer', report, report, '-q', '-o', out)
    say(os.path.exists(out), '-q -o writes no file')
    snap(folder, 'infer', bad, want=3, told=('bad.json: ', 'snap infer SOURCE -o FILE writes it'))
    snap(folder, 'infer', report, bad, want=3, told=('bad.json: ', 'snap infer SOURCE -o FILE writes it'))


def databases():
    """A hint names the first of many databases."""
    names = [{'name': 'shop%02d' % i} for i in range(31)]
    with Replay(generate='0x0', rules=[{'command': 'listDatabases', 'reply': {'databases': names}}]) as server:
        for database in ('', 'none'):
            status, text = run('snapshot', server.url(database))
            say(status and 'shop00, shop01' in text and 'shop19 and 11 more' in text and 'shop20' not in text, 'the hint: %s' % text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        scripts(folder)
    databases()
    with tempfile.TemporaryDirectory() as folder:
        counts(folder)
        limits(folder)
        validators(folder)
        usage(folder)
    return COUNT.end()


if __name__ == '__main__':
    sys.exit(main())
