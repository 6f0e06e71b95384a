#!/usr/bin/env python3
"""How often snap waits for a PostgreSQL server: a proxy reads the messages that pass, and counts those that
the server answers with "ready". The number must not grow with the schema; of two databases the second is
asked before the first is read. usage: postgresql_trips.py SNAP [--server URL]"""
import os
import socket
import struct
import subprocess
import sys
import threading
import urllib.parse

MOST = 60
FAILED = CHECKS = 0


def check(ok, text):
    global FAILED, CHECKS
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


class Proxy:
    """Listens on a port of its own and passes everything on; `seen` holds (connection, message type)."""

    def __init__(self, host, port):
        self.target, self.seen, self.connections = (host, port), [], 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.target)
            self.connections += 1
            number = self.connections
            threading.Thread(target=self.up, args=(client, server, number), daemon=True).start()
            threading.Thread(target=self.down, args=(server, client), daemon=True).start()

    def up(self, client, server, number):
        """The first message has no type; it is counted as a wait, too."""
        rest, first = b'', True
        while True:
            data = client.recv(65536)
            if not data:
                break
            rest += data
            while len(rest) >= (4 if first else 5):
                head = 0 if first else 1
                size = struct.unpack('!I', rest[head:head + 4])[0] + head
                if len(rest) < size:
                    break
                kind = 'start' if first else chr(rest[0])
                if kind in ('start', 'Q', 'S', 'p'):
                    self.seen.append((number, kind))
                rest, first = rest[size:], False
            server.sendall(data)
        server.close()

    @staticmethod
    def down(server, client):
        try:
            while data := server.recv(65536):
                client.sendall(data)
        except OSError:
            pass
        client.close()


def psql(url, sql):
    subprocess.run(['psql', '-qX', '-v', 'ON_ERROR_STOP=1', url], input=sql, text=True, check=True)


def trips(proxy, snap, url, *command):
    proxy.seen, proxy.connections = [], 0
    parts = urllib.parse.urlsplit(url)
    base = 'postgresql://%s@127.0.0.1:%d' % (parts.username or 'postgres', proxy.port)
    argv = [snap] + [base + '/' + c[3:] if c.startswith('db:') else c for c in command]
    code = subprocess.run(argv, env=dict(os.environ, PGSSLMODE='disable', PGGSSENCMODE='disable'),
                          stdout=subprocess.DEVNULL).returncode
    return code, list(proxy.seen)


def tables(n):
    return ''.join('CREATE TABLE t%d (id int PRIMARY KEY, a text DEFAULT 0, b int REFERENCES t%d); CREATE INDEX ON t%d (a);'
                   ' CREATE VIEW v%d AS SELECT a FROM t%d; COMMENT ON TABLE t%d IS \'x\';' % (i, max(i - 1, 0), i, i, i, i)
                   for i in range(n))


def main():
    snap = os.path.abspath(sys.argv[1])
    url = sys.argv[3] if '--server' in sys.argv else os.environ['SNAP_TEST_POSTGRESQL_URL']
    parts = urllib.parse.urlsplit(url)
    proxy = Proxy(parts.hostname, parts.port or 5432)
    names = ('trips_0', 'trips_1', 'trips_2')
    for name, n in zip(names, (0, 3, 300)):
        psql(url + '/postgres', 'SET client_min_messages = error; DROP DATABASE IF EXISTS %s; CREATE DATABASE %s' % (name, name))
        psql(url + '/' + name, tables(n))
    counts = []
    for name in names:
        code, seen = trips(proxy, snap, url, 'snapshot', 'db:' + name, '-o', os.devnull)
        check(code == 0, 'snapshot %s: status %d' % (name, code))
        counts.append(len(seen))
    check(len(set(counts)) == 1, 'the number of waits grows with the schema: %s' % counts)
    check(0 < counts[0] < MOST, '%d waits in a snapshot' % counts[0])
    code, seen = trips(proxy, snap, url, 'diff', 'db:trips_1', 'db:trips_2')
    check(code == 1, 'diff: status %d' % code)
    check({c for c, _ in seen} == {1, 2}, 'diff: connections %s' % {c for c, _ in seen})
    syncs = [c for c, kind in seen if kind == 'S']
    check(syncs[:2] == [1, 2], 'diff: the second side is asked when the first is read: %s' % seen)
    for name in names:
        psql(url + '/postgres', 'DROP DATABASE %s WITH (FORCE)' % name)
    print('postgresql trips: %d a snapshot, %d checks, %d failed' % (counts[0], CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


if __name__ == '__main__':
    main()
