#!/usr/bin/env python3
"""Length of functions (60 lines) and files (600 lines; 800 at the very most) of C.

usage: length.py FILE...
"""
import sys

MAX_FUNCTION, MAX_FILE = 60, 600


def functions(lines):
    """(name line, first, last) of each function: its brace stands alone in the first column."""
    start = None
    for i, line in enumerate(lines):
        if line == '{':
            start = i
            while start and lines[start - 1] and not lines[start - 1].startswith(('}', '/*', ' */', '#')):
                start -= 1
        elif line == '}' and start is not None:
            yield lines[start], start + 1, i + 1
            start = None


def main():
    bad = 0
    for path in sys.argv[1:]:
        with open(path, encoding='utf8') as f:
            lines = f.read().split('\n')
        if len(lines) > MAX_FILE:
            bad += 1
            print('length: %s has %d lines' % (path, len(lines)))
        for name, first, last in functions(lines):
            if last - first + 1 > MAX_FUNCTION:
                bad += 1
                print('length: %s:%d: %d lines: %s' % (path, first, last - first + 1, name))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
