#!/usr/bin/env python3
"""snap's changelogs through the real Liquibase with its MongoDB extension, judged by an observer that reads
listCollections and listIndexes with pymongo.

usage: mongodb.py BUILD [--server URL] [--only NAME] [--every] [PART...]
The server is that of --server, or SNAP_TEST_MONGODB_URL. Parts: zoos (schemas with everything in it, from
nothing and back, in eight steps, with --every one changeSet after the other), pairs (changes, both ways, one
after the other), same (spellings of one schema), one-way (what has no way back), refused (what has no way),
recreate (the same, dropped and made anew), and with --every online (the pairs in forms that let others go on).
"""
import os
import re
import shutil
import sys
import tempfile
import threading
import traceback

import tools

sys.path.insert(0, os.path.join(tools.ROOT, 'tests', 'mongodb'))
import observe  # noqa: E402
import pairs  # noqa: E402
import zoos  # noqa: E402

VERSION = 'mongodb-5.0.1'
PARTS = ['zoos', 'pairs', 'same', 'one-way', 'refused', 'recreate']
FINGERPRINT = re.compile('"fingerprint":"([0-9a-f]+)"')
FORMS = ['yaml', 'json', 'xml']  # each case in one of them
PREFIX = 'snap_test_lb_%d_' % os.getpid()


class Case:
    """One schema, or one pair: databases of its own, dropped at the end."""

    def __init__(self, bench, name):
        self.bench, self.name, self.server, self.made = bench, name, bench.server, []
        form = FORMS[sum(map(ord, name)) % len(FORMS)]
        self.changelog = os.path.join(bench.folder, 'log-%s.%s' % (''.join(c if c.isalnum() else '-' for c in name), form))

    def check(self, ok, what, seen=''):
        return self.bench.checks.check(ok, '%s: %s' % (self.name, what), seen)

    def database(self, side, commands):
        name = PREFIX + '%x_%s' % (abs(hash(self.name)) % (1 << 28), side)
        self.made.append(name)
        # a database comes with its first collection, and stays
        zoos.make(self.server, name, [{'create': 'x'}, {'drop': 'x'}, *commands])
        return name

    def collections(self, db):
        return sorted(n for n, part in observe.database(self.server, db) if not part)

    def fill(self, db, names):
        """Three documents in each of these; gives the names of those that took them."""
        filled = []
        for n in names:
            documents = [dict.fromkeys(('_id', *'abcdxyz'), i) for i in range(3)]
            if not self.is_odd(db, n):
                self.server.run(db, {'insert': n, 'documents': documents, 'bypassDocumentValidation': True})
                filled.append(n)
        return filled

    def is_odd(self, db, name):
        """A view, or a time series, which takes no such documents."""
        return observe.database(self.server, db)[name, '']['type'] != 'collection'

    def check_rows(self, db, filled, when):
        for n in filled:
            got = self.server.client[db][n].count_documents({})
            self.check(got == 3, 'the documents of %s stay, %s' % (n, when), got)

    def snap(self, *args):
        return self.bench.snap.run(*args, cwd=self.bench.folder)

    def fingerprint(self, db):
        rc, out, err = self.snap('snapshot', self.server.of(db))
        return FINGERPRINT.findall(out)[-1] if rc == 0 else 'exit %d: %s' % (rc, err)

    def state(self, db, i):
        """Before changeSet i: what is there, and the fingerprint; of a quick run only that of the start."""
        return observe.database(self.server, db), self.fingerprint(db) if self.bench.every or i == 0 else ''

    def liquibase(self, command, db, **more):
        folder, name = os.path.split(self.changelog)
        return self.bench.liquibase.run(command, dir=folder, url=self.server.of(db), changelogFile=name, **more)

    def changelog_of(self, a, b, *more):
        rc, out, err = self.snap('changelog', a if a == 'empty' else self.server.of(a), self.server.of(b), '-o',
                                 self.changelog, '-f', 'liquibase-' + self.changelog.rsplit('.', 1)[1], *more)
        return self.check(rc == 0, 'a changelog', 'exit %d: %s' % (rc, out + err))

    def trip(self, db, want, of, between=lambda when: None, at_once=1):
        """Applies the changelog to a database, so many changeSets at once, and takes it back in the same way;
        `want`: what it has to be then, `of`: the database that was wanted; between(when) is called on the way."""
        n, states = tools.count_sets(self.changelog), []
        for i in range(0, n, at_once):
            states.append((i, min(n, i + at_once), *self.state(db, i)))
            said = self.liquibase('updateCount', db, count=str(at_once))
            if not self.check(not said, 'changeSet %d of %d is applied' % (i + 1, n), said):
                return
        got = observe.differences(observe.database(self.server, db), want)
        self.check(not got, 'what was applied is what was wanted', '\n'.join(got))
        rc, out, err = self.snap('diff', self.server.of(db), self.server.of(of))
        self.check(rc == 0, 'the second diff is empty', out + err)
        between('when it is applied')
        for i, end, was, fingerprint in reversed(states):
            said = self.liquibase('rollbackCount', db, count=str(end - i))
            what = 'changeSets %d to %d of %d are taken back' % (i + 1, end, n)
            if not self.check(not said, what, said):
                return
            seen, print_ = self.state(db, i)
            got = observe.differences(seen, was)
            if not self.check(not got, what + ', what is there', '\n'.join(got)) or \
                    not self.check(print_ == fingerprint, what + ', the fingerprint', print_):
                return
        between('when it is taken back')

    def close(self):
        for db in self.made:
            self.server.drop(db)


def zoo(case):
    a = case.database('a', zoos.ZOOS[case.name])
    lacking = zoos.lacking(zoos.ZOOS[case.name], observe.database(case.server, a))
    case.check(not lacking, 'the server lists all that was asked for', lacking)
    b = case.database('b', [])
    if case.changelog_of('empty', a):
        n = tools.count_sets(case.changelog)
        case.trip(b, observe.database(case.server, a), a, at_once=1 if case.bench.every else n // 8 + 1)


def pair(case, a, b, *more):
    a_db, b_db = case.database('a', a), case.database('b', b)
    both = set(case.collections(a_db)) & set(case.collections(b_db))
    filled = case.fill(a_db, both)
    if case.changelog_of(a_db, b_db, *more):
        case.trip(a_db, observe.database(case.server, b_db), b_db, lambda when: case.check_rows(a_db, filled, when))


def online(case, a, b):
    pair(case, a, b, '--online')


def recreate(case, a, b):
    a_db, b_db = case.database('a', a), case.database('b', b)
    if case.changelog_of(a_db, b_db, '--recreate'):
        case.trip(a_db, observe.database(case.server, b_db), b_db)


def one_way(case, a, b):
    a_db, b_db = case.database('a', a), case.database('b', b)
    if not case.changelog_of(a_db, b_db):
        return
    want = observe.database(case.server, b_db)
    said = case.liquibase('update', a_db)
    got = said or observe.differences(observe.database(case.server, a_db), want)
    case.check(not got, 'what was applied is what was wanted', got)
    said = case.liquibase('rollbackCount', a_db, count=str(tools.count_sets(case.changelog)))
    case.check('snap' in said, 'refused by name when it is taken back', said)


def same(case, a, b):
    a, b = case.database('a', a), case.database('b', b)
    rc, out, err = case.snap('diff', case.server.of(a), case.server.of(b))
    case.check(rc == 0, 'no difference', 'exit %d: %s' % (rc, out + err))


def refused(case, a, b):
    a, b = case.database('a', a), case.database('b', b)
    rc, out, err = case.snap('changelog', case.server.of(a), case.server.of(b), '-o', case.changelog)
    case.check(rc == 3 and err.startswith('snap: '), 'refused by name', 'exit %d: %s' % (rc, out + err))


def cases(parts, only):
    """(name, what judges it, its sides)"""
    found = []
    if 'zoos' in parts:
        found += [(n, zoo) for n in zoos.ZOOS]
    for part, judge, which in (('pairs', pair, pairs.PAIRS), ('pairs', pair, pairs.ONE_SIDE), ('same', same, pairs.SAME),
                               ('one-way', one_way, pairs.ONE_WAY), ('refused', refused, pairs.REFUSED),
                               ('recreate', recreate, pairs.REFUSED), ('online', online, pairs.PAIRS)):
        for name, a, b in which if part in parts else ():
            found.append((part + ' ' + name, judge, a, b))
            if which is pairs.PAIRS:
                found.append((part + ' ' + name + ', back', judge, b, a))
    return [c for c in found if not only or only in c[0]]


class Bench:
    """What one thread needs: a JVM takes one command at a time."""

    def __init__(self, build, server, folder, checks, every):
        self.server, self.folder, self.checks, self.every = server, folder, checks, every
        self.snap = tools.Snap(os.path.join(build, 'snap'))
        self.liquibase = tools.Liquibase(build, VERSION, folder)
        with open(os.path.join(folder, 'snap.yml'), 'w') as f:
            f.write('scratch:\n  mongodb: "%s"\n' % server.url)

    def work(self, left, lock):
        while True:
            with lock:
                if not left:
                    break
                name, judge, *sides = left.pop(0)
            case = Case(self, name)
            try:
                judge(case, *sides)
            except Exception:
                case.check(False, 'ends', traceback.format_exc())
            finally:
                case.close()
        self.liquibase.close()


def main():
    args = sys.argv[1:]
    named, every = {}, '--every' in args
    args = [a for a in args if a != '--every']
    for o in ('--server', '--only'):
        if o in args:
            i = args.index(o)
            named[o] = args[i + 1]
            del args[i:i + 2]
    url = named.get('--server') or os.environ.get('SNAP_TEST_MONGODB_URL')
    if not url or not args:
        sys.exit('mongodb: no server is named' if args else __doc__)
    checks, folder, lock = tools.Checks(), tempfile.mkdtemp(), threading.Lock()
    left = cases(args[1:] or PARTS + ['online'] * every, named.get('--only'))
    threads = []
    for i in range(2):
        own = os.path.join(folder, str(i))
        os.mkdir(own)
        bench = Bench(os.path.abspath(args[0]), observe.Server(url), own, checks, every)
        threads.append(threading.Thread(target=bench.work, args=(left, lock)))
    n = len(left)
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    shutil.rmtree(folder)
    print('liquibase on MongoDB: %d schemas and pairs, %d checks, %d failed' % (n, checks.n, checks.failed))
    sys.exit(1 if checks.failed or not checks.n else 0)


if __name__ == '__main__':
    main()
