#!/usr/bin/env python3
"""How often snap waits for a server: a proxy counts the packets that a client sends, each of which the server
answers. The number must not grow with the schema. The servers are SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL,
or the one that is named. usage: mysql_trips.py SNAP [--server URL]"""
import os
import socket
import subprocess
import sys
import threading
import urllib.parse

MOST = 7
COM_QUIT = 1
FAILED = CHECKS = 0


def check(ok, text):
    global FAILED, CHECKS
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


class Proxy:
    """Listens on a port of its own and passes everything on; `seen` holds the client's packets."""

    def __init__(self, host, port):
        self.target, self.seen = (host, port), []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.target)
            threading.Thread(target=self.up, args=(client, server), daemon=True).start()
            threading.Thread(target=self.down, args=(server, client), daemon=True).start()

    def up(self, client, server):
        rest = b''
        while data := client.recv(65536):
            rest += data
            while len(rest) >= 4 and len(rest) >= 4 + int.from_bytes(rest[:3], 'little'):
                size = 4 + int.from_bytes(rest[:3], 'little')
                if not (rest[3] == 0 and rest[4] == COM_QUIT):
                    self.seen.append(rest[4:size])
                rest = rest[size:]
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


def sql(parts, text):
    subprocess.run(['mariadb', '--no-defaults', '--ssl=0', '-h' + parts.hostname, '-P%d' % parts.port, '-uroot'],
                   input=text, text=True, check=True)


def tables(n):
    return ''.join('CREATE TABLE t%d (id int PRIMARY KEY, a int, KEY (a)); CREATE VIEW v%d AS SELECT a FROM t%d;'
                   'CREATE TRIGGER r%d BEFORE UPDATE ON t%d FOR EACH ROW SET NEW.a = 1;' % (i, i, i, i, i)
                   for i in range(n))


def waits(proxy, snap, *command):
    proxy.seen = []
    argv = [snap] + ['mysql://root@127.0.0.1:%d/%s?ssl-mode=DISABLED' % (proxy.port, c[3:]) if c.startswith('db:') else c
                     for c in command]
    code = subprocess.run(argv, stdout=subprocess.DEVNULL).returncode
    return code, list(proxy.seen)


def judge(snap, url):
    parts = urllib.parse.urlsplit(url)
    proxy, counts = Proxy(parts.hostname, parts.port), []
    for n in (0, 3, 300):
        name = 'snap_test_trips_%d' % n
        sql(parts, 'DROP DATABASE IF EXISTS %s; CREATE DATABASE %s; USE %s; %s' % (name, name, name, tables(n)))
        code, seen = waits(proxy, snap, 'snapshot', 'db:' + name, '-o', os.devnull)
        check(code == 0, 'snapshot %s: status %d' % (name, code))
        counts.append(len(seen))
    # an empty schema has no texts to be read
    check(counts[1] == counts[2] == counts[0] + 1, 'the number of waits grows with the schema: %s' % counts)
    check(0 < counts[1] <= MOST, '%d waits in a snapshot: %s' % (counts[1], [s[:60] for s in seen]))
    for n in (0, 3, 300):
        sql(parts, 'DROP DATABASE snap_test_trips_%d' % n)
    return counts[1]


def main():
    snap = os.path.abspath(sys.argv[1])
    urls = [sys.argv[3]] if '--server' in sys.argv else [
        os.environ[v] for v in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    counts = [judge(snap, url) for url in urls]
    print('mysql trips: %s a snapshot, %d checks, %d failed' % (counts, CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


if __name__ == '__main__':
    main()
