#!/usr/bin/env python3
"""Times snap, and the peers beside it, in turns: best and middle of the runs, peak memory, and what
that is of the peer's. A figure over its bar is marked; only an answer that is wrong fails.
usage: bench.py SNAP FOLDER"""
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HEAD = ('{"snap":1,"engine":"sqlite","version":"SQLite 3.40.1","model":1,'
        '"facets":["structure","comments","owner","acl","storage"],'
        '"captured":["structure","comments","owner","acl","storage","order","pragmas","sharding"],'
        '"scope":{},"visibility":"complete","objects":[\n')
FOOT = '\n],"ledger":[],"count":%d,"fingerprint":"%s","digest":"%s"}\n'
# name, affinity, other attributes, type, definition
COLUMNS = [('a', 'integer', '"default":"0","notnull":true,', 'int', 'a int not null default 0'),
           ('b', 'text', '"collate":"nocase",', 'text', 'b text collate nocase'),
           ('c', 'numeric', '', 'numeric(10,2)', 'c numeric(10,2)'),
           ('d', 'text', '"default":"\'x\'",', 'varchar(30)', "d varchar(30) default 'x'"),
           ('e', 'real', '', 'real', 'e real'), ('f', 'blob', '', 'blob', 'f blob'),
           ('g', 'integer', '', 'int', 'g int'), ('id', 'integer', '', 'integer', 'id integer')]


def make_database(path, tables, changed):
    """1 + 8 columns, 3 indexes, a key and a foreign key a table; one table in a hundred changed."""
    db = sqlite3.connect(path)
    for i in range(tables):
        c = 'numeric(12,2)' if changed and i % 100 == 50 else 'numeric(10,2)'
        extra = ', h text' if changed and i % 100 == 51 else ''
        db.execute('CREATE TABLE t%d(id integer primary key, a int not null default 0, b text collate '
                   "nocase, c %s, d varchar(30) default 'x', e real, f blob, g int references t0(id)%s)"
                   % (i, c, extra))
        for column in 'abc':
            if not (changed and i % 100 == 52 and column == 'b'):
                db.execute('CREATE INDEX t%d_%s on t%d(%s)' % (i, column, i, column))
    db.commit()
    db.close()


def facts_of(name, changed):
    """The lines of one table, as snap writes them, with one of three changes."""
    p = 'table:' + name
    yield '{"path":"%s","a":{"columns":["id","a","b","c","d","e","f","g"]}}' % p
    for column, affinity, more, kind, text in COLUMNS:
        kind = 'numeric(12,2)' if changed == 'type' and column == 'c' else kind
        yield ('{"path":"%s/column:%s","a":{"affinity":"%s",%s"type":"%s"},"src":{"def":"%s"}}'
               % (p, column, affinity, more, kind, text))
    if changed != 'key':
        deps = '' if name == 't0' else ',"deps":["table:t0"]'
        yield ('{"path":"%s/foreign_key:#e5694818bd57587c","a":{"columns":["g"],"ref_columns":["id"],'
               '"ref_table":"t0"}%s,"src":{"column":"g","def":"references t0(id)"}}' % (p, deps))
    for column in 'abc':
        if not (changed == 'index' and column == 'b'):
            yield ('{"path":"%s/index:%s_%s","a":{"columns":["%s"]},"src":{"sql":"CREATE INDEX %s_%s on '
                   '%s(%s)"}}' % (p, name, column, column, name, column, name, column))
    yield ('{"path":"%s/primary_key:#","a":{"columns":["id"]},"src":{"column":"id","def":"primary key"}}'
           % p)


def make_snapshot(snap, path, tables, changed):
    """14 facts a table; three changes, at the begin, in the middle and at the end. The foot is
    written stale: --refresh mends it, as after a merge."""
    names = sorted('t%d' % i for i in range(tables))
    marks = {names[7]: 'index', names[tables // 2]: 'type', names[-3]: 'key'} if changed else {}
    count = 0
    with open(path, 'w') as f:
        f.write(HEAD)
        for name in names:
            for line in facts_of(name, marks.get(name)):
                f.write((',\n' if count else '') + line)
                count += 1
        f.write(FOOT % (count, '0' * 32, '0' * 32))
    subprocess.run([snap, 'snapshot', path, '-o', path, '--refresh'], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run_once(argv, status):
    """Seconds and peak KiB; the exit status must be the expected one. GNU time is the parent, as a
    process counts the peak of the one that started it as its own."""
    with open(os.devnull, 'w') as null, tempfile.NamedTemporaryFile('r') as peak:
        start = time.monotonic()
        code = subprocess.call(['time', '-q', '-f', '%M', '-o', peak.name] + argv,
                               stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        took = time.monotonic() - start
        if code not in status:
            sys.exit('bench: %s ended with %d' % (' '.join(argv), code))
        return took, int(peak.read())


def measure(runs, **commands):
    """{name: (best, middle, peak MiB)}, the commands taken in turns."""
    seen = {name: [] for name in commands}
    for _ in range(runs):
        for name, (argv, status) in commands.items():
            seen[name].append(run_once(argv, status))
    return {name: (min(t for t, _ in s), statistics.median(t for t, _ in s), max(m for _, m in s) / 1024)
            for name, s in seen.items()}


def line(name, figures):
    print('  %-22s best %8.1f ms  middle %8.1f ms  peak %6.1f MiB' % (
        name, figures[0] * 1000, figures[1] * 1000, figures[2]))


def judge(what, got, bar, unit=''):
    print('  %-58s %8.2f%s  bar %g%s  %s' % (what, got, unit, bar, unit,
                                           'ok' if got <= bar else 'OVER'))
    return got > bar


def databases(snap, empty, folder):
    print('two databases of 1,000 tables x 8 columns x 3 indexes')
    a, b = folder + '/a.db', folder + '/b.db'
    make_database(a, 1000, False)
    make_database(b, 1000, True)
    m = measure(5, snap=([snap, 'diff', a, b], (1,)), sqldiff=(['sqldiff', '--schema', a, b], (0,)))
    line('snap diff', m['snap'])
    line('sqldiff --schema', m['sqldiff'])
    return (judge('snap diff, seconds', m['snap'][1], 1) + judge('its memory, MiB', m['snap'][2], 32) +
            judge('of the time of sqldiff', m['snap'][1] / m['sqldiff'][1], 1.5))


def snapshots(snap, empty, folder):
    over, peaks = 0, {}
    for tables, runs in ((1000, 7), (10000, 3), (100000, 2)):
        print('two snapshots of %d facts, three changes' % (14 * tables))
        a, b = folder + '/a.json', folder + '/b.json'
        make_snapshot(snap, a, tables, False)
        make_snapshot(snap, b, tables, True)
        m = measure(runs, empty=([empty], (0,)), snap=([snap, 'diff', a, b], (1,)))
        line('empty program', m['empty'])
        line('snap diff', m['snap'])
        peaks[tables] = m['snap'][2]
        if tables == 1000:
            over += judge('milliseconds above it', (m['snap'][1] - m['empty'][1]) * 1000, 150)
            over += judge('MiB above it', m['snap'][2] - m['empty'][2], 10)
        os.unlink(a)
        os.unlink(b)
    over += judge('1,400,000 facts, seconds', m['snap'][1], 12)
    over += judge('their memory, MiB', m['snap'][2], 64)
    # a page or two of difference is the kernel's
    return over + judge('and of the memory at 140,000', peaks[100000] / peaks[10000], 1.05)


def start_up(snap, empty, folder):
    print('start-up')
    m = measure(41, empty=([empty], (0,)), snap=([snap, 'version'], (0,)))
    line('empty program', m['empty'])
    line('snap version', m['snap'])
    return (judge('milliseconds above it', (m['snap'][1] - m['empty'][1]) * 1000, 10) +
            judge('MiB above it', m['snap'][2] - m['empty'][2], 4))


def main():
    snap, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    for name in os.listdir(folder):
        if name.endswith(('.db', '.json')):
            os.unlink(os.path.join(folder, name))
    empty = folder + '/empty'
    over = start_up(snap, empty, folder) + databases(snap, empty, folder) + snapshots(snap, empty, folder)
    print('bench: %d figures over their bar' % over)


if __name__ == '__main__':
    main()
