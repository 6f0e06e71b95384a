#!/usr/bin/env python3
"""Times snap on 10,000 collections x 5 indexes of the scripted MongoDB server: a snapshot, which asks for the
indexes of each collection, and a diff of two. A figure over its bar is marked; only an answer that is wrong fails.
usage: mongodb.py SNAP EMPTY FOLDER"""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, '../mongodb')]
from bench import judge, line, measure  # noqa: E402
from replay import Replay  # noqa: E402


def main():
    snap, empty, folder = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    a, b = folder + '/mongodb_a.json', folder + '/mongodb_b.json'
    print('MongoDB, 10,000 collections x 5 indexes')
    for path, change in ((b, 1000), (a, 0)):
        with Replay(generate='10000x5', change=change) as server:
            m = measure(3, empty=([empty], (0,)), snap=([snap, 'snapshot', server.url(), '-o', path], (0,)))
    line('empty program', m['empty'])
    line('snap snapshot', m['snap'])
    over = judge('snapshot, seconds', m['snap'][1], 5) + judge('its memory, MiB', m['snap'][2], 100)
    m = measure(7, snap=([snap, 'diff', a, b], (1,)))
    line('snap diff', m['snap'])
    over += judge('diff of two, seconds', m['snap'][1], 0.2) + judge('its memory, MiB', m['snap'][2], 100)
    print('bench: %d figures over their bar on MongoDB' % over)


if __name__ == '__main__':
    main()
