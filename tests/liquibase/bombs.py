#!/usr/bin/env python3
"""Files that look like Liquibase snapshots and are made to harm: each is refused by name, in less
than a second and 64 MiB. And a large one that is sound is read in a few.

usage: bombs.py SNAP"""
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

HEAD = 'snapshot:\n  database: {shortName: sqlite, majorVersion: "3", minorVersion: "50"}\n'
MIB = 1 << 20
SECOND, MEMORY = 1.0, 64 * MIB
NAMES = 'LIQUIBASE_SNAPSHOT|LIMIT'  # of errors


def laughs(f):
    f.write('snapshot:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n')
    for i in range(1, 20):
        f.write('  %s: &%s [%s]\n' % (chr(97 + i), chr(97 + i), ', '.join(['*' + chr(96 + i)] * 10)))


def merge_keys(f):
    f.write('snapshot:\n  a: &a {x: 1}\n  b: {<<: *a}\n')


def deep_flow(f):
    f.write('{"snapshot":' + '[' * 5000000)


def deep_maps(f):
    f.write('{"snapshot":' + '{"a":' * 1000000)


def deep_block(f):
    f.write('snapshot:\n')
    for i in range(1, 3000):
        f.write(' ' * i + 'a:\n')


def deep_dashes(f):
    f.write('snapshot:\n  a:\n  ' + '- ' * 3000000)


def one_text(f):
    f.write('{"snapshot": {"a": "')
    for _ in range(60):
        f.write('x' * MIB)


def one_plain(f):
    f.write('snapshot:\n  a: ')
    for _ in range(60):
        f.write('x' * MIB)


def one_key(f):
    f.write('{"snapshot": {"')
    for _ in range(60):
        f.write('k' * MIB)


def one_block(f):
    f.write('snapshot:\n  a: |\n')
    line = '    ' + 'y' * 1000 + '\n'
    for _ in range(60 * 1000):
        f.write(line)


def one_comment(f):
    f.write('snapshot:\n  # ')
    for _ in range(60):
        f.write('c' * MIB)


def many_values(f):
    f.write('{"snapshot": {"a": [')
    for _ in range(30):
        f.write('1,' * (MIB // 2))


def many_objects(f):
    f.write('{"snapshot": {"a": [')
    for _ in range(30):
        f.write('{},' * (MIB // 3))


def many_keys(f):
    f.write('{"snapshot": {')
    for i in range(2000000):
        f.write('"%d":1,' % i)


def too_large(f):
    f.write(HEAD)
    f.truncate(80 * MIB)


def blanks(f):
    f.write(HEAD)
    for _ in range(60):
        f.write(' ' * MIB)


def lines(f):
    f.write(HEAD)
    for _ in range(60):
        f.write('\n' * MIB)


def twice(f):
    f.write(HEAD + '  database: {}\n')


def tagged(f):
    f.write(HEAD + '  a: !!javax.script.ScriptEngineManager [x]\n')


def bad_binary(f):
    f.write(HEAD + '  a: !!binary "/w=="\n')


def no_engine(f):
    f.write('snapshot:\n  database: {}\n')


def anonymous(f):
    f.write(HEAD + '  objects:\n    liquibase.structure.core.Table:\n    - table: {columns: []}\n')


BOMBS = [laughs, merge_keys, deep_flow, deep_maps, deep_block, deep_dashes, one_text, one_plain,
         one_key, one_block, one_comment, many_values, many_objects, many_keys, too_large, blanks,
         lines, twice, tagged, bad_binary, no_engine, anonymous]


def large(f):
    """1,000 tables of 10 columns, as Liquibase lays them out."""
    core = 'liquibase.structure.core.'
    f.write('{\n  "snapshot": {\n    "database": {"shortName": "sqlite", "productVersion": "3.50.3"},\n'
            '    "objects": {\n      "%sTable": [' % core)
    for t in range(1000):
        cols = ', '.join('"%sColumn#c%d_%d"' % (core, t, i) for i in range(10))
        f.write('%s\n        {"table": {"name": "table_%d", "snapshotId": "t%d", "columns": [%s]}}'
                % (',' if t else '', t, t, cols))
    f.write('],\n      "%sColumn": [' % core)
    for t in range(1000):
        for i in range(10):
            f.write('%s\n        {\n          "column": {\n            "name": "column_%d",\n'
                    '            "nullable": true,\n            "order": "%d!{java.lang.Integer}",\n'
                    '            "relation": "%sTable#t%d",\n            "snapshotId": "c%d_%d",\n'
                    '            "type": {\n              "columnSize": "20!{java.lang.Integer}",\n'
                    '              "columnSizeUnit": "BYTE!{liquibase.structure.core.DataType$ColumnSizeUnit}",\n'
                    '              "dataTypeId": "12!{java.lang.Integer}",\n'
                    '              "radix": "10!{java.lang.Integer}",\n'
                    '              "typeName": "VARCHAR"\n            }\n          }\n        }'
                    % (',' if t or i else '', i, i + 1, core, t, t, i))
    f.write(']\n    }\n  }\n}\nLiquibase command \'snapshot\' was executed successfully.\n')


def run(snap, path):
    """(exit status, error text, seconds, bytes at most)"""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([snap, 'snapshot', path], stdout=out, stderr=err,
                                 stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        text = err.read().decode('utf8', 'replace')
    seconds = min(time.monotonic() - start, usage.ru_utime + usage.ru_stime)
    return child.returncode, text, seconds, usage.ru_maxrss * 1024


def main():
    snap = os.path.abspath(sys.argv[1])
    failed = n = 0
    worst = [0.0, 0]
    with tempfile.TemporaryDirectory(prefix='snap-bombs-') as folder:
        path = os.path.join(folder, 'bomb.json')
        for bomb in BOMBS + [large]:
            with open(path, 'w', encoding='ascii') as f:
                bomb(f)
            rc, err, seconds, memory = run(snap, path)
            good = rc == 0 if bomb is large else rc == 3 and re.match('snap: (%s): ' % NAMES, err)
            fast = seconds < (3 if bomb is large else SECOND)
            small = bomb is large or memory < MEMORY
            n += 3
            for ok, what in ((good, 'exit %d' % rc), (fast, '%.2f s' % seconds),
                             (small, '%d MiB' % (memory // MIB))):
                if not ok:
                    failed += 1
                    print('FAILED: %s: %s: %s' % (bomb.__name__, what, err.strip()[:300]))
            if bomb is large:
                print('1,000 tables, %.1f MB: %.2f s, %d MiB' %
                      (os.path.getsize(path) / 1e6, seconds, memory // MIB))
            else:
                worst = [max(worst[0], seconds), max(worst[1], memory)]
    print('liquibase bombs: %d checks, %d failed; at worst %.2f s, %d MiB' %
          (n, failed, worst[0], worst[1] // MIB))
    sys.exit(1 if failed else 0)


resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
main()
