#!/usr/bin/env python3
"""Locks, rewrites and scans on PostgreSQL: for each form of change, what was measured by hand, what `snap
explain` foretells and what its probe sees on a scratch server must be the same.
usage: postgresql_locks.py SNAP [--server URL] [--only REGEX] [--every N]"""
import json
import os
import re
import subprocess
import sys
import tempfile

AX, SUX, SH, SRX = 'ACCESS EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE'
RS, AS, NO = 'ROW SHARE', 'ACCESS SHARE', None

BASE = '''
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer, ref integer, v varchar(10), x text, n numeric(10,2), ts timestamp, plain integer,
    filled integer CHECK (filled IS NOT NULL), gone integer);
'''
PARTS = '''
CREATE TABLE pt (k integer, b text) PARTITION BY RANGE (k);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (1000000000);
'''
TRIGGER = 'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;'

# name, what stands on both sides, from, to, {relation: (lock, rewrite, scan)}; one that is not named must
# have no lock. Two locks: before 18, and from then on. None: nothing is said about a scan.
ROWS = [
    ('add column int', '', '', 'ALTER TABLE t ADD c integer', {'t': (AX, 0, 0)}),
    ('add column constant default', '', '', 'ALTER TABLE t ADD c integer DEFAULT 5 NOT NULL', {'t': (AX, 0, 0)}),
    ('add column stable default', '', '', 'ALTER TABLE t ADD c timestamptz DEFAULT now()', {'t': (AX, 0, 0)}),
    ('add column volatile default', '', '', 'ALTER TABLE t ADD c float8 DEFAULT random()', {'t': (AX, 1, None)}),
    ('add column user default', "CREATE FUNCTION one() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';", '',
     'ALTER TABLE t ADD c integer DEFAULT one()', {'t': (AX, 1, None)}),
    ('add column immutable default',
     "CREATE FUNCTION one() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';", '',
     'ALTER TABLE t ADD c integer DEFAULT one()', {'t': (AX, 0, 0)}),
    ('add column generated stored', '', '', 'ALTER TABLE t ADD c integer GENERATED ALWAYS AS (id * 2) STORED',
     {'t': (AX, 1, None)}),
    ('add column identity', '', '', 'ALTER TABLE t ADD c integer GENERATED ALWAYS AS IDENTITY',
     {'t': (AX, 1, None)}),
    ('add column serial', '', '', 'ALTER TABLE t ADD c serial', {'t': (AX, 1, None)}),
    ('add column of a domain', 'CREATE DOMAIN d AS integer;', '', 'ALTER TABLE t ADD c d', {'t': (AX, 0, 0)}),
    ('add column of a domain with a check', 'CREATE DOMAIN d AS integer CHECK (value > 0);', '',
     'ALTER TABLE t ADD c d', {'t': (AX, 1, None)}),
    ('drop column', '', '', 'ALTER TABLE t DROP plain', {'t': (AX, 0, 0)}),
    ('int to bigint', '', '', 'ALTER TABLE t ALTER plain TYPE bigint', {'t': (AX, 1, None)}),
    ('varchar wider', '', '', 'ALTER TABLE t ALTER v TYPE varchar(20)', {'t': (AX, 0, 0)}),
    ('varchar to text', '', '', 'ALTER TABLE t ALTER v TYPE text', {'t': (AX, 0, 0)}),
    ('varchar narrower', '', '', 'ALTER TABLE t ALTER v TYPE varchar(5)', {'t': (AX, 1, None)}),
    ('text to varchar(100)', '', '', 'ALTER TABLE t ALTER x TYPE varchar(100)', {'t': (AX, 1, None)}),
    ('text to varchar', '', '', 'ALTER TABLE t ALTER x TYPE varchar', {'t': (AX, 0, 0)}),
    ('text to char', '', '', 'ALTER TABLE t ALTER x TYPE char(100)', {'t': (AX, 1, None)}),
    ('numeric wider', '', '', 'ALTER TABLE t ALTER n TYPE numeric(12,2)', {'t': (AX, 0, 0)}),
    ('numeric of another scale', '', '', 'ALTER TABLE t ALTER n TYPE numeric(12,3)', {'t': (AX, 1, None)}),
    ('numeric without bounds', '', '', 'ALTER TABLE t ALTER n TYPE numeric', {'t': (AX, 0, 0)}),
    ('timestamp to timestamptz', '', '', 'ALTER TABLE t ALTER ts TYPE timestamptz', {'t': (AX, 1, None)}),
    ('timestamp to timestamp(3)', '', '', 'ALTER TABLE t ALTER ts TYPE timestamp(3)', {'t': (AX, 1, None)}),
    ('cidr to inet', '', 'ALTER TABLE t ADD c cidr', 'ALTER TABLE t ADD c inet', {'t': (AX, 0, 0)}),
    ('int to oid', '', 'ALTER TABLE t ADD c integer', 'ALTER TABLE t ADD c oid', {'t': (AX, 0, 0)}),
    ('varbit wider', '', 'ALTER TABLE t ADD c varbit(3)', 'ALTER TABLE t ADD c varbit(5)', {'t': (AX, 0, 0)}),
    ('time of higher precision', '', 'ALTER TABLE t ADD c time(3)', 'ALTER TABLE t ADD c time(4)',
     {'t': (AX, 0, 0)}),
    ('varchar array', '', 'ALTER TABLE t ADD c varchar(3)[]', 'ALTER TABLE t ADD c varchar(5)[]',
     {'t': (AX, 1, None)}),
    ('integer to a domain', 'CREATE DOMAIN d AS integer;', 'ALTER TABLE t ADD c integer',
     'ALTER TABLE t ADD c d', {'t': (AX, 0, 0)}),
    ('integer to a domain with a check', 'CREATE DOMAIN d AS integer CHECK (value > 0);',
     'ALTER TABLE t ADD c integer', 'ALTER TABLE t ADD c d', {'t': (AX, 1, None)}),
    ('a domain to integer', 'CREATE DOMAIN d AS integer CHECK (value > 0);', 'ALTER TABLE t ADD c d',
     'ALTER TABLE t ADD c integer', {'t': (AX, 0, 0)}),
    ('collation without an index', '', '', 'ALTER TABLE t ALTER x TYPE text COLLATE "C"', {'t': (AX, 0, 0)}),
    ('collation with an index', 'CREATE INDEX ON t (x);', '', 'ALTER TABLE t ALTER x TYPE text COLLATE "C"',
     {'t': (AX, 0, 1)}),
    ('enum loses a label', '', "CREATE TYPE e AS ENUM ('a', 'b', 'c'); ALTER TABLE t ADD c e",
     "CREATE TYPE e AS ENUM ('a', 'c'); ALTER TABLE t ADD c e", {'t': (AX, 1, None)}),
    ('set default', '', '', 'ALTER TABLE t ALTER plain SET DEFAULT 1', {'t': (AX, 0, 0)}),
    ('drop default', '', 'ALTER TABLE t ALTER plain SET DEFAULT 1', '', {'t': (AX, 0, 0)}),
    ('set not null', '', '', 'ALTER TABLE t ALTER plain SET NOT NULL', {'t': (AX, 0, 1)}),
    ('set not null with a check', '', '', 'ALTER TABLE t ALTER filled SET NOT NULL', {'t': (AX, 0, 0)}),
    ('drop not null', '', 'ALTER TABLE t ALTER plain SET NOT NULL', '', {'t': (AX, 0, 0)}),
    ('add check', '', '', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5)', {'t': (AX, 0, 1)}),
    ('add check not valid', '', '', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5) NOT VALID', {'t': (AX, 0, 0)}),
    ('validate check', '', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5) NOT VALID',
     'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5)', {'t': (SUX, 0, 1)}),
    ('add foreign key', '', '', 'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p',
     {'t': (SRX, 0, 1), 'p': (SRX, 0, None)}),
    ('add foreign key not valid', '', '',
     'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p NOT VALID',
     {'t': (SRX, 0, 0), 'p': (SRX, 0, None)}),
    ('validate foreign key', '', 'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p NOT VALID',
     'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p', {'t': (SUX, 0, 1), 'p': (RS, 0, None)}),
    ('drop check', '', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5)', '', {'t': (AX, 0, 0)}),
    ('drop foreign key', '', 'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p', '',
     {'t': (AX, 0, 0), 'p': (AX, 0, None)}),
    ('add unique', '', '', 'ALTER TABLE t ADD CONSTRAINT c UNIQUE (id)', {'t': (AX, 0, 1)}),
    ('add primary key', 'ALTER TABLE t ALTER id SET NOT NULL;', '', 'ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (id)',
     {'t': (AX, 0, 1)}),
    ('add exclude', '', '', 'ALTER TABLE t ADD CONSTRAINT c EXCLUDE (id WITH =)', {'t': (AX, 0, 1)}),
    ('create index', '', '', 'CREATE INDEX i ON t (id)', {'t': (SH, 0, 1)}),
    ('drop index', '', 'CREATE INDEX i ON t (id)', '', {'t': (AX, 0, 0)}),
    ('set fillfactor', '', '', 'ALTER TABLE t SET (fillfactor = 50)', {'t': (SUX, 0, 0)}),
    ('reset fillfactor', '', 'ALTER TABLE t SET (fillfactor = 50)', '', {'t': (SUX, 0, 0)}),
    ('set autovacuum', '', '', 'ALTER TABLE t SET (autovacuum_enabled = off)', {'t': (SUX, 0, 0)}),
    ('set statistics', '', '', 'ALTER TABLE t ALTER id SET STATISTICS 10', {'t': (SUX, 0, 0)}),
    ('set n_distinct', '', '', 'ALTER TABLE t ALTER id SET (n_distinct = 5)', {'t': (SUX, 0, 0)}),
    ('set storage', '', '', 'ALTER TABLE t ALTER x SET STORAGE EXTERNAL', {'t': (AX, 0, 0)}),
    ('set compression', '', '', 'ALTER TABLE t ALTER x SET COMPRESSION pglz', {'t': (AX, 0, 0)}),
    ('set unlogged', '', '', 'ALTER TABLE t SET UNLOGGED', {'t': (AX, 1, None)}),
    ('set logged', '', 'ALTER TABLE t SET UNLOGGED', '', {'t': (AX, 1, None)}),
    ('replica identity', '', '', 'ALTER TABLE t REPLICA IDENTITY FULL', {'t': (AX, 0, 0)}),
    ('enable row security', '', '', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', {'t': (AX, 0, 0)}),
    ('create policy', '', '', 'CREATE POLICY c ON t USING (true)', {'t': (AX, 0, 0)}),
    ('alter policy', '', 'CREATE POLICY c ON t USING (true)', 'CREATE POLICY c ON t USING (id > 0)', {'t': (AX, 0, 0)}),
    ('drop policy', '', 'CREATE POLICY c ON t USING (true)', '', {'t': (AX, 0, 0)}),
    ('create trigger', TRIGGER, '', 'CREATE TRIGGER c BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()',
     {'t': (SRX, 0, 0)}),
    ('drop trigger', TRIGGER, 'CREATE TRIGGER c BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()', '',
     {'t': (AX, 0, 0)}),
    ('disable trigger', TRIGGER + 'CREATE TRIGGER c BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();', '',
     'ALTER TABLE t DISABLE TRIGGER c', {'t': (SRX, 0, 0)}),
    ('create rule', '', '', 'CREATE RULE c AS ON DELETE TO t DO INSTEAD NOTHING', {'t': (AX, 0, 0)}),
    ('drop rule', '', 'CREATE RULE c AS ON DELETE TO t DO INSTEAD NOTHING', '', {'t': (AX, 0, 0)}),
    ('comment on table', '', '', "COMMENT ON TABLE t IS 'x'", {'t': (SUX, 0, 0)}),
    ('comment on column', '', '', "COMMENT ON COLUMN t.id IS 'x'", {'t': (SUX, 0, 0)}),
    ('owner', '', '', 'ALTER TABLE t OWNER TO snap_locks', {'t': (AX, 0, 0)}),
    ('grant', '', '', 'GRANT SELECT ON t TO snap_locks', {}),
    ('create statistics', '', '', 'CREATE STATISTICS c ON id, ref FROM t', {'t': (SUX, 0, 0)}),
    ('drop statistics', '', 'CREATE STATISTICS c ON id, ref FROM t', '', {'t': (SUX, 0, 0)}),
    ('create view', '', '', 'CREATE VIEW c AS SELECT id FROM t', {'t': (AS, 0, None)}),
    ('replace view', '', 'CREATE VIEW c AS SELECT id FROM t', 'CREATE VIEW c AS SELECT id FROM t WHERE id > 0',
     {'c': (AX, 0, None)}),
    ('drop view', '', 'CREATE VIEW c AS SELECT id FROM t', '', {'c': (AX, 0, None)}),
    ('create materialized view', '', '', 'CREATE MATERIALIZED VIEW c AS SELECT id FROM t', {'t': (AS, 0, None)}),
    ('refresh', '', 'CREATE MATERIALIZED VIEW c AS SELECT id FROM t WITH NO DATA',
     'CREATE MATERIALIZED VIEW c AS SELECT id FROM t', {'c': (AX, 1, None)}),
    ('drop materialized view', '', 'CREATE MATERIALIZED VIEW c AS SELECT id FROM t', '', {'c': (AX, 0, None)}),
    ('statistics of a materialized view', 'CREATE MATERIALIZED VIEW c AS SELECT id FROM t;', '',
     'ALTER MATERIALIZED VIEW c ALTER id SET STATISTICS 10', {'c': (SUX, 0, None)}),
    ('n_distinct of a materialized view', 'CREATE MATERIALIZED VIEW c AS SELECT id FROM t;', '',
     'ALTER MATERIALIZED VIEW c ALTER id SET (n_distinct = 5)', {'c': (SUX, 0, None)}),
    ('storage of a materialized view', 'CREATE MATERIALIZED VIEW c AS SELECT x FROM t;', '',
     'ALTER MATERIALIZED VIEW c ALTER x SET STORAGE EXTERNAL', {'c': (AX, 0, None)}),
    ('alter sequence', 'CREATE SEQUENCE c;', '', 'ALTER SEQUENCE c INCREMENT 5', {'c': (SRX, 0, 0)}),
    ('owner of a sequence', 'CREATE SEQUENCE c;', '', 'ALTER SEQUENCE c OWNER TO snap_locks', {'c': (AX, 0, 0)}),
    ('sequence owned by', 'CREATE SEQUENCE c;', '', 'ALTER SEQUENCE c OWNED BY t.id', {'c': (SRX, 0, 0)}),
    ('sequence owned by none', 'CREATE SEQUENCE c;', 'ALTER SEQUENCE c OWNED BY t.id', '', {'c': (SRX, 0, 0)}),
    ('drop sequence', '', 'CREATE SEQUENCE c', '', {'c': (AX, 0, 0)}),
    ('comment on sequence', 'CREATE SEQUENCE c;', '', "COMMENT ON SEQUENCE c IS 'x'", {'c': (SUX, 0, 0)}),
    ('drop table', '', 'CREATE TABLE c (i integer)', '', {'c': (AX, 0, 0)}),
    ('create table', '', '', 'CREATE TABLE c (i integer)', {}),
    ('cluster on', 'CREATE INDEX i ON t (id);', '', 'ALTER TABLE t CLUSTER ON i', {'t': (SUX, 0, 0)}),
    ('publication', 'CREATE PUBLICATION c;', '', 'ALTER PUBLICATION c ADD TABLE t', {'t': (SUX, 0, 0)}),
    ('inherits', 'CREATE TABLE c (LIKE p);', '', 'ALTER TABLE c INHERIT p', {'c': (AX, 0, 0), 'p': (SUX, 0, 0)}),
    ('no inherit', 'CREATE TABLE c (LIKE p);', 'ALTER TABLE c INHERIT p', '', {'c': (AX, 0, 0), 'p': (AS, 0, 0)}),
    ('domain check', 'CREATE DOMAIN d AS integer; ALTER TABLE t ADD c d;', '',
     'ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > -5)', {'t': (SH, 0, 1)}),
    ('column of a partitioned table', PARTS, '', 'ALTER TABLE pt ADD c integer', {'pt': (AX, 0, 0), 'pt1': (AX, 0, 0)}),
    ('column of an inherited table', 'CREATE TABLE c () INHERITS (t);', '', 'ALTER TABLE t ADD z integer',
     {'t': (AX, 0, 0), 'c': (AX, 0, 0)}),
    ('attach partition', PARTS + 'CREATE TABLE pt2 (k integer, b text);', '',
     'ALTER TABLE pt ATTACH PARTITION pt2 FOR VALUES FROM (-1000000000) TO (0)',
     {'pt': (SUX, 0, 0), 'pt2': (AX, 0, 1)}),
    ('detach partition', PARTS, '', 'ALTER TABLE pt DETACH PARTITION pt1', {'pt': (AX, 0, 0), 'pt1': (AX, 0, 0)}),
    ('create table partition of', PARTS, '',
     'CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (1000000000) TO (2000000000)', {'pt': (SUX, 0, 0)}),
    ('index of a partitioned table', PARTS, '', 'CREATE INDEX i ON pt (b)', {'pt': (SH, 0, 0), 'pt1': (SH, 0, 1)}),
    ('check of a partitioned table', PARTS, '', 'ALTER TABLE pt ADD CONSTRAINT c CHECK (k > -5)',
     {'pt': (AX, 0, 0), 'pt1': (AX, 0, 1)}),
    ('key of a partitioned table', PARTS + 'ALTER TABLE pt ALTER k SET NOT NULL;', '',
     'ALTER TABLE pt ADD CONSTRAINT c PRIMARY KEY (k)', {'pt': (AX, 0, 0), 'pt1': ((SH, AX), 0, 1)}),
    ('key of a partitioned table that had NULLs', PARTS, '',
     'ALTER TABLE pt ADD CONSTRAINT c PRIMARY KEY (k)', {'pt': (AX, 0, 0), 'pt1': (AX, 0, 1)}),
]

COUNT = {'checks': 0, 'failed': 0}


def check(good, what):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + what, flush=True)


def psql(url, *commands):
    args = ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url]
    for c in commands:
        args += ['-c', c]
    r = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if r.returncode:
        raise RuntimeError(r.stderr.decode().strip())
    return r.stdout.decode()


def build(server, name, *scripts):
    psql(server + '/postgres', 'DROP DATABASE IF EXISTS ' + name, 'CREATE DATABASE %s TEMPLATE template0' % name)
    for script in scripts:
        if script:
            psql(server + '/' + name, script)
    return server + '/' + name


def explain(snap, a, b, *args):
    r = subprocess.run([snap, 'explain', a, b, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return r.returncode, r.stdout.decode(), r.stderr.decode()


def rank(lock):
    order = [NO, AS, RS, 'ROW EXCLUSIVE', SUX, SH, SRX, 'EXCLUSIVE', AX]
    return order.index(lock)


def short(path):
    return path.rsplit(':', 1)[1]


def foretold(steps):
    """Per relation: strongest lock, rewrite, scan."""
    found = {}
    for step in steps:
        for s in step['statements']:
            for l in s['locks']:
                was = found.get(short(l['path']), (NO, False, False))
                found[short(l['path'])] = (max(was[0], l['lock'], key=rank), was[1] or l['rewrite'],
                                           was[2] or l['scan'] or l['indexBuild'])
    return found


def seen(steps):
    found = {}
    for step in steps:
        for l in step['probe']['seen']:
            was = found.get(short(l['path']), (NO, False, False))
            lock = NO if l['lock'] == 'none' else l['lock']
            found[short(l['path'])] = (max(was[0], lock, key=rank), was[1] or l['rewrite'], was[2] or l['scan'])
    return found


def compare(name, who, want, got, there):
    """Of the relations that were there; a lock of who only looks may come besides."""
    for rel in sorted(set(want) | (set(got) & there)):
        w, g = want.get(rel, (NO, 0, None)), got.get(rel, (NO, False, False))
        if rel not in want and rank(g[0]) <= 1:
            continue
        check(w[0] == g[0] and bool(w[1]) == g[1] and (w[2] is None or bool(w[2]) == g[2]),
              '%s: %s: %s: wanted %s, got %s' % (name, who, rel, w, g))


def one_row(snap, server, row):
    name, both, before, after, want = row
    newer = int(psql(server + '/postgres', 'SHOW server_version_num')) >= 180000
    want = {k: (v[0][newer] if isinstance(v[0], tuple) else v[0], *v[1:]) for k, v in want.items()}
    base = BASE + both
    a, b = build(server, 'snap_locks_a', base, before), build(server, 'snap_locks_b', base, after)
    rc, out, err = explain(snap, a, b, '--probe', '-f', 'json', '--facets', '+counters')
    check(rc == 0, '%s: exit %d: %s' % (name, rc, err.strip()))
    if rc not in (0, 4):
        return
    steps = json.loads(out)['steps']
    check(steps and all(s['probe']['watched'] for s in steps), name + ': nothing was watched')
    there = set(psql(a, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace").split())
    compare(name, 'foretold', want, foretold(steps), there)
    compare(name, 'seen', want, seen(steps), there)


def text(snap, server):
    """The report for people: sizes of the live database, the safer form, no line over 100 columns."""
    a = build(server, 'snap_locks_a', BASE, 'INSERT INTO t (id, filled) SELECT i, i FROM generate_series(1, 4321) i',
              'ANALYZE t')
    b = build(server, 'snap_locks_b', BASE, 'ALTER TABLE t ALTER plain SET NOT NULL',
              'ALTER TABLE t DROP gone', 'CREATE INDEX i ON t (id)')
    rc, out, err = explain(snap, a, b)
    check(rc == 0, 'text: %d %s' % (rc, err))
    script = subprocess.run([snap, 'changelog', a, b, '-f', 'sql', '--no-verify'], stdout=subprocess.PIPE).stdout.decode()
    check('! SCAN: table public.t' in script and '! INDEX_BUILD: table public.t' in script, 'text: hazards of the script')
    for word in ('about 4321 rows', 'kB', 'ACCESS EXCLUSIVE', 'reads and writes wait', 'SHARE lock, writes wait',
                 'every row is read', 'an index is built', 'safer: --online', 'DATA_LOSS', 'table public.t'):
        check(word in out, 'text: no %r in\n%s' % (word, out))
    check(max(len(x) for x in out.splitlines()) <= 100, 'text: a line is too long')
    check('probe' not in out, 'text: probed without --probe')
    rc, out, err = explain(snap, a, b, '--probe')
    check(rc == 0 and out.count('probe: as foretold') == 3, 'text: probe: %d %s%s' % (rc, out, err))
    with tempfile.TemporaryDirectory() as tmp:
        file = os.path.join(tmp, 'a.json')
        subprocess.run([snap, 'snapshot', a, '-o', file], check=True)
        rc, out, err = explain(snap, file, b)
        check(rc == 0 and 'rows' in out and '4321' not in out, 'text: a snapshot has no sizes: %s%s' % (out, err))


ONLINE = [
    # name, both, from, to, words of the script
    ('index', '', '', 'CREATE INDEX c ON t (id)', ['CREATE INDEX CONCURRENTLY c']),
    ('unique index', '', '', 'CREATE UNIQUE INDEX c ON t (id)', ['CREATE UNIQUE INDEX CONCURRENTLY c']),
    ('drop index', '', 'CREATE INDEX c ON t (id)', '', ['DROP INDEX CONCURRENTLY IF EXISTS public.c;']),
    ('check', '', '', 'ALTER TABLE t ADD CONSTRAINT c CHECK (id > -5)', ['NOT VALID;\n\nCOMMIT;', 'VALIDATE CONSTRAINT c']),
    ('foreign key', '', '', 'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES p',
     ['NOT VALID;\n\nCOMMIT;', 'VALIDATE CONSTRAINT c']),
    ('not null', '', '', 'ALTER TABLE t ALTER plain SET NOT NULL', ['CHECK (plain IS NOT NULL) NOT VALID']),
    ('unique', '', '', 'ALTER TABLE t ADD CONSTRAINT c UNIQUE (id)', ['UNIQUE USING INDEX c;']),
    ('primary key', 'ALTER TABLE t ALTER id SET NOT NULL;', '', 'ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (id)',
     ['PRIMARY KEY USING INDEX c;']),
    ('partitioned index', PARTS, '', 'CREATE INDEX i ON pt (b)',
     ['ON ONLY public.pt', 'CREATE INDEX CONCURRENTLY pt1_b_idx', 'ATTACH PARTITION public.pt1_b_idx']),
    ('detach', PARTS, '', 'ALTER TABLE pt DETACH PARTITION pt1', ['DETACH PARTITION public.pt1 CONCURRENTLY;']),
    ('detach beside a default partition', PARTS + 'CREATE TABLE pt3 PARTITION OF pt DEFAULT;', '',
     'ALTER TABLE pt DETACH PARTITION pt1', ['DETACH PARTITION public.pt1;']),
]


def online(snap, server, row):
    """Nothing is read or built under a lock that stops readers or writers, but for the partition's own."""
    name, both, before, after, words = row
    a, b = build(server, 'snap_locks_a', BASE + both, before), build(server, 'snap_locks_b', BASE + both, after)
    rc, out, err = explain(snap, a, b, '--online', '-f', 'json')
    check(rc == 0, 'online %s: %d %s' % (name, rc, err))
    locks = [x for step in json.loads(out)['steps'] for s in step['statements'] for x in s['locks']]
    slow = [x for x in locks if (x['scan'] or x['indexBuild'] or x['rewrite']) and rank(x['lock']) > rank(SUX)]
    check(locks and not slow, 'online %s: %s' % (name, slow))
    rc, out, err = explain(snap, a, b, '-f', 'json')
    locks = [x for step in json.loads(out)['steps'] for s in step['statements'] for x in s['locks']]
    check('default' in name or any(rank(x['lock']) > rank(SUX) for x in locks), 'online %s: nothing to gain' % name)
    script = subprocess.run([snap, 'changelog', a, b, '--online', '-f', 'sql', '--no-verify'], stdout=subprocess.PIPE).stdout.decode()
    check("SET lock_timeout = '5s'" in script, 'online %s: no lock_timeout' % name)
    for word in words:
        check(word in script, 'online %s: no %r in\n%s' % (name, word, script))


def leftover(snap, server):
    """A build that failed has left an invalid index: the script takes it away, and only such a one."""
    a = build(server, 'snap_locks_a', BASE, 'INSERT INTO t (id, filled) VALUES (1, 1), (1, 2)')
    b = build(server, 'snap_locks_b', BASE, 'CREATE UNIQUE INDEX c ON t (id)')
    with tempfile.TemporaryDirectory() as tmp:
        file = os.path.join(tmp, 'a.sql')
        subprocess.run([snap, 'changelog', a, b, '--online', '-o', file, '-q'], check=True)

        def apply():
            return subprocess.run(['psql', '-Xq', '-d', a, '-f', file], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT).returncode
        check(apply() != 0, 'leftover: equal keys are let in')
        invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
        check(psql(a, invalid) == '1\n', 'leftover: there is none')
        psql(a, 'UPDATE t SET id = filled')
        check(apply() == 0, 'leftover: the second run fails')
        check(psql(a, invalid) == '0\n', 'leftover: it is still there')
        rc = subprocess.run([snap, 'diff', a, b, '-q']).returncode
        check(rc == 0, 'leftover: the end is not what was wanted')
        check(apply() != 0 and psql(a, 'SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(\'c\')') == '1\n',
              'leftover: a valid index is no leftover')


def main():
    args = sys.argv[1:]
    only = args.pop(args.index('--only') + 1) if '--only' in args else None
    every = int(args.pop(args.index('--every') + 1)) if '--every' in args else 1
    server = args.pop(args.index('--server') + 1) if '--server' in args else \
        os.environ['SNAP_TEST_POSTGRESQL_URL']
    server = server.rstrip('/')
    snap = os.path.abspath([x for x in args if not x.startswith('--')][0])
    psql(server + '/postgres', "DO $$ BEGIN CREATE ROLE snap_locks; EXCEPTION WHEN duplicate_object THEN END $$")
    for row in ROWS[::every]:
        if only and not re.search(only, row[0]):
            continue
        try:
            one_row(snap, server, row)
        except (RuntimeError, ValueError, KeyError) as e:
            check(False, '%s: %r' % (row[0], e))
    for row in ONLINE:
        if not only or re.search(only, 'online ' + row[0]):
            online(snap, server, row)
    if not only:
        leftover(snap, server)
        text(snap, server)
    psql(server + '/postgres', 'DROP DATABASE IF EXISTS snap_locks_a', 'DROP DATABASE IF EXISTS snap_locks_b')
    print('postgresql locks: %d rows, %d checks, %d failed' % (len(ROWS[::every]), COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] or not COUNT['checks'] else 0


if __name__ == '__main__':
    sys.exit(main())
