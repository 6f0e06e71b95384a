#!/usr/bin/env python3
"""Snapshots of a PostgreSQL database that another session changes all the time.

usage: postgresql_torn.py SNAP [--server URL] [--count N]

A writer goes round a circle of states, one transaction each, which rename, replace, drop and create. The
snapshot of each state is taken first, with the writer at rest. Then N snapshots (200) are taken while it
runs: each must be one of those, byte for byte, or the command must end with TORN (3), or, where the
writer holds its locks for long, with BUSY (6), never with anything else. Temporary objects of other sessions must not even make it read twice.
"""
import hashlib
import json
import os
import random
import subprocess
import sys
import threading
import time

STATES = 10  # two of each number
DB = 'snap_test_torn'

BEGIN = '''
CREATE SCHEMA s_0;
CREATE TYPE public.mood_0 AS ENUM ('low', 'e_0');
CREATE DOMAIN public.amount AS integer CONSTRAINT amount_0 CHECK (VALUE > 0);
CREATE SEQUENCE public.seq_0;
CREATE FUNCTION public.f(a integer DEFAULT 0) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 0';
CREATE TABLE public.t (id integer PRIMARY KEY, c_0 integer DEFAULT 0, m public.mood_0 DEFAULT 'e_0',
    n integer DEFAULT nextval('public.seq_0'), d public.amount, CONSTRAINT c_0 CHECK (c_0 > 0 AND m <> 'e_0'));
CREATE INDEX i_0 ON public.t (c_0, (id + 0)) WHERE c_0 > 0;
CREATE TABLE s_0.inner_0 (id integer REFERENCES public.t (id), at date);
CREATE TABLE public.p (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.part_0 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE VIEW public.v AS SELECT id FROM public.t WHERE c_0 > 0;
CREATE VIEW public.w_0 AS SELECT v.id, t.c_0 FROM public.v JOIN public.t USING (id);
CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF c_0 ON public.t FOR EACH ROW WHEN (NEW.c_0 > 0) EXECUTE FUNCTION public.tell();
CREATE POLICY po ON public.t USING (c_0 > 0);
CREATE RULE ru AS ON INSERT TO public.w_0 DO INSTEAD UPDATE public.t SET c_0 = 0;
CREATE STATISTICS public.st_0 ON id, c_0 FROM public.t;
CREATE TABLE public.extra_0 (a_0 integer DEFAULT 0);
COMMENT ON TABLE public.t IS 'state 0, all of it';
'''

# Nothing is dropped here, so nothing fails to be found: what is read is a mixture, if it is not noticed.
RENAME = '''
BEGIN;
ALTER SCHEMA s_{i} RENAME TO s_{j};
ALTER TYPE public.mood_{i} RENAME VALUE 'e_{i}' TO 'e_{j}';
ALTER TYPE public.mood_{i} RENAME TO mood_{j};
ALTER DOMAIN public.amount RENAME CONSTRAINT amount_{i} TO amount_{j};
ALTER SEQUENCE public.seq_{i} RENAME TO seq_{j};
ALTER TABLE public.t RENAME COLUMN c_{i} TO c_{j};
ALTER TABLE public.t ALTER COLUMN c_{j} SET DEFAULT {j};
ALTER TABLE public.t RENAME CONSTRAINT c_{i} TO c_{j};
ALTER INDEX public.i_{i} RENAME TO i_{j};
ALTER VIEW public.w_{i} RENAME TO w_{j};
ALTER STATISTICS public.st_{i} RENAME TO st_{j};
ALTER TABLE s_{j}.inner_{i} RENAME TO inner_{j};
ALTER TABLE public.part_{i} RENAME TO part_{j};
ALTER TABLE public.extra_{i} RENAME TO extra_{j};
ALTER TABLE public.extra_{j} RENAME COLUMN a_{i} TO a_{j};
CREATE OR REPLACE FUNCTION public.f(a integer DEFAULT {j}) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + {j}';
CREATE OR REPLACE VIEW public.v AS SELECT id FROM public.t WHERE c_{j} > {j};
ALTER POLICY po ON public.t USING (c_{j} > {j});
COMMENT ON TABLE public.t IS 'state {j}';
COMMIT;
'''

# What holds the number of the state before is made anew.
REPLACE = '''
BEGIN;
ALTER DOMAIN public.amount DROP CONSTRAINT amount_{j};
ALTER DOMAIN public.amount ADD CONSTRAINT amount_{j} CHECK (VALUE > {j});
DROP VIEW public.w_{j};
DROP TRIGGER tr ON public.t;
DROP STATISTICS public.st_{j};
DROP INDEX public.i_{j};
ALTER TABLE public.t DROP CONSTRAINT c_{j};
ALTER TABLE public.t ADD CONSTRAINT c_{j} CHECK (c_{j} > {j} AND m <> 'e_{j}');
CREATE INDEX i_{j} ON public.t (c_{j}, (id + {j})) WHERE c_{j} > {j};
CREATE VIEW public.w_{j} AS SELECT v.id, t.c_{j} FROM public.v JOIN public.t USING (id);
CREATE TRIGGER tr BEFORE UPDATE OF c_{j} ON public.t FOR EACH ROW WHEN (NEW.c_{j} > {j})
    EXECUTE FUNCTION public.tell();
CREATE RULE ru AS ON INSERT TO public.w_{j} DO INSTEAD UPDATE public.t SET c_{j} = {j};
CREATE STATISTICS public.st_{j} ON id, c_{j} FROM public.t;
DROP TABLE public.part_{j};
CREATE TABLE public.part_{j} PARTITION OF public.p FOR VALUES FROM ({j}) TO (10);
DROP TABLE public.extra_{j};
CREATE TABLE public.extra_{j} (a_{j} integer DEFAULT {j});
COMMENT ON TABLE public.t IS 'state {j}, all of it';
COMMIT;
'''

# Back and forth within a moment, in two transactions: nothing is left of it but other row versions.
THERE_AND_BACK = '''
ALTER INDEX public.i_{j} RENAME TO elsewhere; ALTER INDEX public.elsewhere RENAME TO i_{j};
ALTER TABLE public.t RENAME COLUMN id TO other; ALTER TABLE public.t RENAME COLUMN other TO id;
ALTER ROLE snap_test_torn_a RENAME TO snap_test_torn_b; ALTER ROLE snap_test_torn_b RENAME TO snap_test_torn_a;
'''

TEMPORARY = '''
CREATE TEMPORARY TABLE x (id serial PRIMARY KEY, a text DEFAULT 'x' CHECK (a <> 'y'));
CREATE TEMPORARY VIEW y AS SELECT * FROM x;
CREATE TYPE pg_temp.e AS ENUM ('a', 'b');
CREATE FUNCTION pg_temp.g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE INDEX ON x (a);
CREATE STATISTICS pg_temp.z ON id, a FROM x;
COMMENT ON TABLE x IS 'temporary';
ANALYZE x;
DROP STATISTICS pg_temp.z; DROP VIEW y; DROP TABLE x; DROP FUNCTION pg_temp.g(); DROP TYPE pg_temp.e;
'''


class Server:
    def __init__(self, url):
        self.url = url.rstrip('/')

    def psql(self, text, db=DB):
        r = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', self.url + '/' + db], input=text,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding='utf8')
        if r.returncode:
            sys.exit('%s\n%s' % (text, r.stderr))

    def writer(self):
        # where the two wait for one another the server ends one of them: not the writer
        env = dict(os.environ, PGOPTIONS='-c deadlock_timeout=30s')
        return subprocess.Popen(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', self.url + '/' + DB], env=env,
                                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding='utf8')


def snapshot(snap, server, *options):
    r = subprocess.run([snap, 'snapshot', server.url + '/' + DB, *options], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return r.returncode, hashlib.sha256(r.stdout).hexdigest(), r.stderr.decode(errors='replace'), r.stdout


def step(i):
    n = STATES // 2
    return (REPLACE if i % 2 else RENAME).format(i=i // 2 % n, j=(i // 2 + 1) % n)


def learn(snap, server):
    """The snapshot of every state; the second time round must give the same ones."""
    known = {}
    for i in range(2 * STATES):
        code, digest, err, _ = snapshot(snap, server)
        if code:
            sys.exit('state %d: %s' % (i, err))
        if known.setdefault(i % STATES, digest) != digest:
            sys.exit('state %d has two snapshots' % (i % STATES))
        server.psql(step(i))
    if len(set(known.values())) != STATES:
        sys.exit('two states have one snapshot')
    return {v: k for k, v in known.items()}


def write(out, rng, stop):
    """Round and round. Its pauses are drawn so that some reads find quiet and some do not."""
    at = 0
    try:
        while not stop.is_set():
            text = step(at)
            at += 1
            j = (at + 1) // 2 % (STATES // 2)
            if rng.random() < 0.3:
                text += THERE_AND_BACK.format(j=j)
            out.stdin.write(text + 'SELECT pg_sleep(%.3f);\n' % rng.choice([0, 0, 0.01, 0.1, 0.3]))
            out.stdin.flush()
    except OSError:
        pass  # the writer has ended, which the other thread tells


def hammer(snap, server, known, count):
    seen = dict.fromkeys(known.values(), 0)
    torn = wrong = 0
    rng = random.Random(1)
    out = server.writer()
    stop = threading.Event()
    feeder = threading.Thread(target=write, args=(out, random.Random(2), stop), daemon=True)
    feeder.start()
    for n in range(count):
        code, digest, err, text = snapshot(snap, server, '--retries', str(rng.choice([0, 1, 7])))
        if code == 0 and digest in known:
            seen[known[digest]] += 1
        elif code == 3 and err.startswith('snap: TORN: ') or code == 6 and err.startswith('snap: BUSY: '):
            torn += 1
        else:
            wrong += 1
            print('FAILED: snapshot %d ends with %d: %s' % (n, code, err.strip() or 'a state that never was'), flush=True)
            if code == 0:
                with open('/tmp/snap_test_torn.%d.json' % n, 'wb') as f:
                    f.write(text)
        if out.poll() is not None:
            sys.exit('the writer has ended')
    stop.set()
    out.kill()
    out.wait()
    feeder.join()
    return seen, torn, wrong


def temporary(snap, server, count):
    """Other sessions' temporary objects: not in the snapshot, and no reason to read again."""
    code, want, err, _ = snapshot(snap, server)
    wrong = int(code != 0)
    out = server.writer()
    for n in range(count):
        out.stdin.write(TEMPORARY * 20)
        out.stdin.flush()
        code, digest, err, _ = snapshot(snap, server, '--retries', '0')
        if code or digest != want:
            wrong += 1
            print('FAILED: temporary objects: %d %s' % (code, err.strip()))
    out.kill()
    out.wait()
    return wrong


def main():
    args = sys.argv[1:]
    snap = args[0]
    url = args[args.index('--server') + 1] if '--server' in args else os.environ['SNAP_TEST_POSTGRESQL_URL']
    count = int(args[args.index('--count') + 1]) if '--count' in args else 200
    server = Server(url)
    clean = ('DROP DATABASE IF EXISTS %s WITH (FORCE); DROP ROLE IF EXISTS snap_test_torn_a, snap_test_torn_b;\n' % DB)
    for one in clean.split(';'):
        server.psql(one + ';', 'postgres')
    server.psql('CREATE DATABASE %s TEMPLATE template0;' % DB, 'postgres')
    server.psql('CREATE ROLE snap_test_torn_a;', 'postgres')
    server.psql(BEGIN + 'ALTER TABLE public.t OWNER TO snap_test_torn_a;')
    known = learn(snap, server)
    start = time.monotonic()
    seen, torn, wrong = hammer(snap, server, known, count)
    wrong += temporary(snap, server, min(count, 40))
    # a test in which nothing was torn, or everything, shows nothing
    few = torn == 0 or sum(seen.values()) < count // 10 or sum(n > 0 for n in seen.values()) < len(seen) // 2
    if few:
        print('FAILED: the writer is too slow or too fast: %s, %d torn' % (json.dumps(seen), torn))
    for one in clean.split(';'):
        server.psql(one + ';', 'postgres')
    print('postgresql_torn: %d snapshots in %d s: %d right, %d torn, %d wrong' %
          (count, time.monotonic() - start, sum(seen.values()), torn, wrong))
    sys.exit(1 if wrong or few else 0)


main()
