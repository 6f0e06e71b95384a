#!/usr/bin/env python3
"""Reads gcov's data and holds it against the bars. usage: cover.py OBJECT_DIR"""
import json
import os
import re
import subprocess
import sys

BARS = [('diff/', 95), ('snapshot/reader.c', 95), ('snapshot/writer.c', 95), ('core/', 95),
        ('snapshot/', 95), ('markup/', 95), ('changelog/', 95), ('policy/', 95), ('emit/', 95), ('verify/', 95),
        ('drivers/', 90), ('cli/', 95)]


def lines_of(folder):
    """{file: {line: hits}} of the product."""
    seen = {}
    for root, _, names in os.walk(folder):
        if '/tests' in root:
            continue
        data = [os.path.join(root, n) for n in names if n.endswith('.gcda')]
        if not data:
            continue
        out = subprocess.run(['gcov', '--json-format', '--stdout'] + data, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL).stdout.decode()
        for doc in out.split('\n'):
            if not doc.strip():
                continue
            for f in json.loads(doc)['files']:
                name = f['file']
                if name.startswith('/') or name.startswith('tests/') or name.startswith('build'):
                    continue
                hits = seen.setdefault(name, {})
                for line in f['lines']:
                    n = line['line_number']
                    hits[n] = max(hits.get(n, 0), line['count'])
    return seen


def main():
    seen = lines_of(sys.argv[1])
    exceptions, total = [], {}
    for name, hits in sorted(seen.items()):
        with open(name, encoding='utf8') as f:
            text = f.read().split('\n')
        good = bad = 0
        for n, count in hits.items():
            line = text[n - 1] if n <= len(text) else ''
            excuse = re.search(r'/\* uncovered: (.*?) \*/', line)
            if not count and excuse:
                exceptions.append((name, n, excuse.group(1)))
            elif count:
                good += 1
            else:
                bad += 1
        total[name] = (good, bad)
    for name, (good, bad) in sorted(total.items()):
        if bad:
            print('%6.1f %%  %4d of %4d  %s' % (100.0 * good / (good + bad), good, good + bad, name))
    for name, n, why in exceptions:
        print('exception: %s:%d: %s' % (name, n, why))
    failed = 0
    parts = []
    for prefix, bar in BARS:
        good = sum(g for n, (g, b) in total.items() if n.startswith(prefix))
        all_lines = sum(g + b for n, (g, b) in total.items() if n.startswith(prefix))
        percent = 100.0 * good / all_lines if all_lines else 0
        failed += percent < bar
        parts.append('%s %.1f%s' % (prefix.rstrip('/'), percent, '' if percent >= bar else ' (bar %d)' % bar))
    print('cover: %s; %d exceptions' % (', '.join(parts), len(exceptions)))
    return 1 if failed or not total else 0


if __name__ == '__main__':
    sys.exit(main())
