#!/usr/bin/env python3
"""The proof on pairs of real schemas: a changelog is written, both ways, with nothing left out.

usage: corpus_proof.py SNAP CORPUS --server URL [--limit N] [--seed N] [--only ID[,ID]]

CORPUS/ID holds from.sql, to.sql and, in meta.json, the roles that they need. Exit status 0 is right;
3 is counted with its name, everything else is shown. The last line counts.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import urllib.parse


def run(cmd, env, text=None, limit=300):
    try:
        r = subprocess.run(cmd, input=text, env=env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        return 124, 'timeout'
    return r.returncode, r.stderr.decode('utf8', 'replace').strip()


class Server:
    def __init__(self, url):
        u = urllib.parse.urlparse(url)
        self.url = url.rstrip('/')
        self.env = dict(os.environ, PGHOST=u.hostname or '', PGPORT=str(u.port or 5432),
                        PGUSER=u.username or 'postgres', PGOPTIONS='-c client_min_messages=error')

    def psql(self, db, text):
        return run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', db], self.env, text)

    def make(self, db, script, roles):
        for role in roles:
            self.psql('postgres', b'CREATE ROLE "%s"' % role.encode())
        self.psql('postgres', b'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db.encode())
        self.psql('postgres', b'CREATE DATABASE %s TEMPLATE template0' % db.encode())
        with open(script, 'rb') as f:
            return self.psql(db, f.read())[0] == 0


def prove(program, server, names, tmp):
    out = os.path.join(tmp, 'x.sql')
    return run([program, 'changelog', *(server.url + '/' + n for n in names), '-o', out],
               dict(server.env, NO_COLOR='1'))


def main():
    args = sys.argv[1:]

    def option(name, default=None):
        return args.pop(args.index(name) + 1) if name in args else default
    server, limit = Server(option('--server')), int(option('--limit', 0))
    seed, only = int(option('--seed', 1)), option('--only')
    program, corpus = [a for a in args if not a.startswith('--')]
    ids = sorted(i for i in os.listdir(corpus) if os.path.exists(os.path.join(corpus, i, 'to.sql')))
    if only:
        ids = only.split(',')
    elif limit:
        ids = random.Random(seed).sample(ids, min(limit, len(ids)))
    done = refused = wrong = 0
    a, b = 'snap_proof_a_%d' % os.getpid(), 'snap_proof_b_%d' % os.getpid()
    for i in ids:
        folder = os.path.join(corpus, i)
        meta = os.path.join(folder, 'meta.json')
        roles = (json.load(open(meta)).get('roles') or []) if os.path.exists(meta) else []
        if not all([server.make(db, os.path.join(folder, f), roles)
                    for db, f in ((a, 'from.sql'), (b, 'to.sql'))]):
            continue
        for names in ((a, b), (b, a)):
            with tempfile.TemporaryDirectory(prefix='snap-proof-') as tmp:
                code, err = prove(program, server, names, tmp)
            done += 1
            refused += code == 3
            wrong += code not in (0, 3)
            if code:
                print('%d %s %s %s' % (code, i, 'back' if names[0] == b else 'there',
                                       ' '.join(err.split())[:300]), flush=True)
    for db in (a, b):
        server.psql('postgres', b'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db.encode())
    print('corpus proof: %d changelogs, %d refused, %d wrong' % (done, refused, wrong))
    return 1 if wrong or not done else 0


if __name__ == '__main__':
    sys.exit(main())
