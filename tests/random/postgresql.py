#!/usr/bin/env python3
"""Random pairs of PostgreSQL schemas, judged by pg_dump: a schema and what random DDL makes of it.

usage: postgresql.py SNAP COUNT [SEED] [--server URL] [--schemas FOLDER]... [--case NAME]... [--seconds N]
                     [--prove PERCENT] [--reduce] [--keep FOLDER] [--verbose]

Without --server, SNAP_TEST_POSTGRESQL_URL names it. A pair begins with a from.sql of FOLDER/CASE (without it,
the golden cases), of the cases named where any is. Statements chosen from the catalogs of the live database are
applied to it; those that the server refuses are passed by. Then: the changelog of FROM and TO applied to FROM,
half of the time with rows in it, gives what pg_dump says of TO; a second diff says same; the rollback gives FROM;
rows that stay are there. A change that snap refuses by name is counted and not wrong, as is a view without the
right to fill it. --prove writes that share with the proof, --seconds begins no pair after that time. --reduce
takes from a wrong pair every statement that is not needed, --keep writes it down. The last line counts.
"""
import argparse
import collections
import json
import os
import random
import re
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'live'), os.path.dirname(os.path.abspath(__file__))]
import more_mutations  # noqa: E402,F401
from mutations import MUTATIONS, OWN, VALUES, Session  # noqa: E402
from postgresql import Server, differences, read, snap  # noqa: E402

A, B = ('snap_test_rand_%s_%d' % (x, os.getpid()) for x in 'ab')
ROLES = ['snap_test_reader', 'snap_test_writer', 'snap_owner_1', 'snap_owner_2']
NO_SEARCH = "SET search_path = '';\nSET check_function_bodies = off;\n"
# what the server says where the rows do not allow a change: class 22 and 23, and a script's own check
BY_ROWS = re.compile(r'ERROR:  (22|23|P0001)')


def bases(folders, names=None):
    """(name, text) of every schema that needs nothing which is not here."""
    found = []
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            case = json.loads(read(folder, name, 'case.json') or '{}')
            text = read(folder, name, 'from.sql')
            if text and (not names or name in names) and not set(case) & {'hidden', 'refused', 'options', 'one way'} and case.get('min', 0) < 18 and ' -- 1' not in text:
                found.append((name, text))
    return found


def statements(text):
    """A script's statements; quotes of every kind hold theirs together."""
    found, at = [], 0
    for m in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|(\$\w*\$).*?\1|(\bBEGIN ATOMIC\b.*?\bEND)|;", text, re.S):
        if m[0] == ';':
            found.append(text[at:m.start()].strip())
            at = m.end()
    return [x for x in found if x]


def execute(session, wanted):
    """Those of one mutation's statements that the server took; a ? marks one that may fail."""
    wanted, done = [wanted] if isinstance(wanted, str) else wanted, []
    session.ask('BEGIN')
    for text in wanted:
        session.ask('SAVEPOINT s')
        error = session.do(text.lstrip('?'))
        if error and not text.startswith('?'):
            session.ask('ROLLBACK')
            return []
        if error:
            session.ask('ROLLBACK TO s')
        else:
            done.append(text.lstrip('?'))
    _, error = session.ask('COMMIT')
    return [] if error else done


def mutate(server, db, rng, count):
    """Applies that many mutations, and gives the statements."""
    session, done = Session(server, db), []
    try:
        for _ in range(count):
            wanted = rng.choices([f for _, f in MUTATIONS], [w for w, _ in MUTATIONS])[0](session, rng)
            done += execute(session, wanted) if wanted else []
    finally:
        session.close()
    return done


def copy(server, old, new):
    server.drop(new)
    wrong = server.psql('postgres', 'CREATE DATABASE %s TEMPLATE %s' % (new, old))
    if wrong:
        raise RuntimeError(wrong)


def row_value(kind, enum, base):
    if enum:
        return "(enum_range(NULL::%s))[1 + i %% %s]" % (kind, enum)
    found = VALUES.get(base) or VALUES.get(re.sub(r'\(.*', '', base))
    return '(%s)::%s' % (found[1], kind) if found else None


def fill(server, db):
    """Rows where simple values are taken; what a table refuses it goes without."""
    session = Session(server, db)
    try:
        tables = collections.OrderedDict()
        for table, name, kind, enum, base, notnull in session.rows("""SELECT c.oid::regclass, quote_ident(attname),
                format_type(atttypid, atttypmod), (SELECT count(*) FROM pg_enum WHERE enumtypid = atttypid), format_type(CASE typtype WHEN 'd'
                THEN typbasetype ELSE atttypid END, CASE typtype WHEN 'd' THEN -1 ELSE atttypmod END), attnotnull FROM pg_class c JOIN pg_namespace n
                ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid JOIN pg_type t ON t.oid = atttypid WHERE relkind IN ('r', 'p') AND
                attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity <> 'a' AND %s ORDER BY c.oid::regclass::text COLLATE "C",
                attnum""" % (OWN % ('c', 'c'))):
            tables.setdefault(table, []).append((name, row_value(kind, int(enum), base), notnull == 't'))
        for only in ('all', 'some'):
            for table, columns in tables.items():
                used = [c for c in columns if c[1] and (c[2] or only == 'all')]
                if used and session.ask('SELECT 1 FROM %s LIMIT 1' % table)[0] == '':
                    session.ask('INSERT INTO %s (%s) SELECT %s FROM generate_series(1, 4) i' % (table, ', '.join(c[0] for c in used), ', '.join(c[1] for c in used)))
    finally:
        session.close()


def columns(server, db):
    """{(table, column): type} of what holds rows; a generated column holds what it computes."""
    session = Session(server, db)
    try:
        return {(t, c): k for t, c, k, _, _, g in session.columns('r') if not g}
    finally:
        session.close()


def rows(server, db, which):
    """Every value of the columns, and how many rows each table has."""
    session = Session(server, db)
    try:
        return {x: session.ask('SELECT count(*), string_agg(x, E\'\\n\' ORDER BY x COLLATE "C") FROM (SELECT (%s)::text FROM ONLY %s) q (x)' % (x[1], x[0]))[0]
                for x in which}
    finally:
        session.close()


def dump(server, db):
    """What pg_dump says, but for the order of columns, which shows in lists of them too."""
    ordered = lambda m: m[1] + ', '.join(sorted(m[2].split(', '))) + m[3]
    return sorted((head, re.sub(r'( ON | \()([^()]*)(\) WHERE|\);| FROM)', ordered, body) if 'STATISTICS' in head or 'PUBLICATION' in head else body)
                  for head, body in server.dump(db))


def apply(server, db, script):
    code, _, err = server.run('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose', '-d', db, text=script)
    return err.strip() or 'psql ended with %d' % code if code else ''


def judge(program, server, first, second, proof, filled):
    """'', 'refused ...' or what is wrong, of the changelog from one database to the other. FROM is changed."""
    a, b = server.url + '/' + first, server.url + '/' + second
    was, want = dump(server, first), dump(server, second)
    code, out, err = snap(program, 'diff', a, b)
    if code not in (0, 1):
        return 'diff %d: %s' % (code, err) if code != 3 else 'refused ' + err
    if code != (was != want):
        return 'diff says %d and pg_dump %s\n%s' % (code, differences(was, want), out)
    with tempfile.TemporaryDirectory(prefix='snap-random-') as tmp:
        plan, undo = os.path.join(tmp, 'plan.sql'), os.path.join(tmp, 'undo.sql')
        code, _, err = snap(program, 'changelog', a, b, '--allow-lossy', *([] if proof else ['--no-verify']), '-o', plan, '--rollback-output', undo)
        plan, undo = read(plan), read(undo)
    if code:
        return 'refused ' + err if code == 3 else 'changelog %d: %s' % (code, err)
    there, kept, stopped = columns(server, second), {}, False
    if filled:
        copy(server, first, B + '_spare')
        fill(server, first)
        kept = rows(server, first, [x for x, kind in columns(server, first).items() if there.get(x) == kind])
    error = apply(server, first, plan)
    if error and filled and BY_ROWS.search(error):
        copy(server, B + '_spare', first)
        kept, stopped = {}, True
        error = apply(server, first, plan)
    if 'ERROR:  42501' in error:  # a materialized view over a view whose owner may not read what it reads
        return 'refused by the server: ' + error
    if error:
        return 'apply: ' + error
    got = dump(server, first)
    if got != want:
        return 'wrong: ' + differences(got, want)
    code, out, err = snap(program, 'diff', a, b)
    if code:
        return 'residue: ' + out + err
    lost = [x for x, y in rows(server, first, kept).items() if y != kept[x]]
    if lost and 'DATA_LOSS' not in plan:
        return 'rows: ' + ', '.join('%s.%s' % x for x in lost)
    error = apply(server, first, undo)
    if error and filled and not stopped and BY_ROWS.search(error):
        copy(server, B + '_spare', first)
        error = apply(server, first, plan) or apply(server, first, undo)
    if error:
        return 'rollback: ' + error
    got = dump(server, first)
    return '' if got == was else 'not back: ' + differences(got, was)


def build(server, base, before, after):
    """Both databases from statements; what fails is passed by, as it was when they were found."""
    server.make(A)
    server.run('psql', '-X', '-q', '-d', A, text=base + ';\n' + NO_SEARCH + ''.join(x + ';\n' for x in before))
    copy(server, A, B)
    server.run('psql', '-X', '-q', '-d', B, text=NO_SEARCH + ''.join(x + ';\n' for x in after))


def kind_of(why):
    """What makes two failures the same one."""
    return re.sub(r'"[^"]*"|\'[^\']*\'|\d+|\S*\.\S*', '', why.split('\n')[0])[:60]


class Pair:
    def __init__(self, seed, found, prove):
        self.rng = random.Random(seed)
        self.name, self.text = self.rng.choice(found)
        self.back, self.filled = self.rng.random() < .5, self.rng.random() < .5
        self.proof = self.rng.random() * 100 < prove
        self.before = self.after = ()

    def make(self, server):
        server.make(A, self.text)
        self.before = mutate(server, A, self.rng, self.rng.choice([0, 3, 10]))
        copy(server, A, B)
        self.after = mutate(server, B, self.rng, self.rng.choice([1, 3, 8, 16, 30]))

    def judge(self, program, server):
        return judge(program, server, *((B, A) if self.back else (A, B)), self.proof, self.filled)

    def reduce(self, program, server, why):
        """Takes out what is not needed for the same failure, in halves and then one by one."""
        parts = [statements(self.text), list(self.before), list(self.after)]

        def same(try_):
            try:
                build(server, ';\n'.join(try_[0]), try_[1], try_[2])
                return kind_of(self.judge(program, server)) == kind_of(why)
            except RuntimeError:
                return False
        if not same(parts):
            return
        for n in (2, 1, 0, 2, 1, 0):
            size = max(1, len(parts[n]) // 2)
            while size:
                at = 0
                while at < len(parts[n]):
                    fewer = parts[:n] + [parts[n][:at] + parts[n][at + size:]] + parts[n + 1:]
                    if same(fewer):
                        parts = fewer
                    else:
                        at += size
                size //= 2
        self.text, self.before, self.after = ';\n'.join(parts[0]), parts[1], parts[2]

    def scripts(self):
        return '\n'.join([self.text + ';' if self.text else '', NO_SEARCH, *(x + ';' for x in self.before), '-- and then, %s:' % (
            'the way back' if self.back else 'forward'), *(x + ';' for x in self.after)])


def keep(folder, seed, why, pair):
    if folder:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, '%d.sql' % seed), 'w', encoding='utf8') as f:
            f.write('-- %s\n%s\n' % (why.replace('\n', '\n-- '), pair.scripts()))


def options():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('count', type=int)
    p.add_argument('seed', type=int, nargs='?', default=random.SystemRandom().randrange(10 ** 6))
    p.add_argument('--server', default=os.environ.get('SNAP_TEST_POSTGRESQL_URL'))
    p.add_argument('--schemas', action='append')
    p.add_argument('--case', action='append')
    p.add_argument('--seconds', type=int, default=10 ** 6)
    p.add_argument('--prove', type=int, default=0)
    p.add_argument('--reduce', action='store_true')
    p.add_argument('--verbose', action='store_true')
    p.add_argument('--keep')
    return p.parse_args()


def main():
    o = options()
    server = Server(o.server, '')
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    found, counts, end = bases(o.schemas or [os.path.join(here, 'golden', 'postgresql')], o.case), collections.Counter(), time.time() + o.seconds
    for text in ['CREATE ROLE ' + x for x in ROLES] + ['CREATE ROLE snap_test_super SUPERUSER', "SET allow_in_place_tablespaces = on;"
                 "CREATE TABLESPACE snap_test_ts LOCATION ''"]:
        server.psql('postgres', text)
    for seed in range(o.seed, o.seed + o.count):
        if time.time() > end:
            break
        pair = Pair(seed, found, o.prove)
        try:
            pair.make(server)
        except RuntimeError as e:
            counts['not built'] += 1
            if o.verbose:
                print('seed %d: not built: %s' % (seed, e))
            continue
        counts['statements'] += len(pair.after)
        try:
            why = pair.judge(o.program, server)
        except RuntimeError as e:
            why = 'stopped: %s' % e
        counts['pairs'] += 1
        counts['proven'] += pair.proof
        counts['refused'] += why.startswith('refused')
        counts['wrong'] += bool(why) and not why.startswith('refused')
        if why and (o.verbose or not why.startswith('refused')):
            print('seed %d (%s): %s' % (seed, pair.name, why[:800]), flush=True)
            keep(o.keep, seed, why, pair)
            if o.reduce:
                pair.reduce(o.program, server, why)
                keep(o.keep, seed, why, pair)
    for db in (A, B, B + '_spare'):
        server.drop(db)
    print('random: %d pairs, %d statements, %d proven, %d refused by name, %d not built, %d wrong' % tuple(
        counts[x] for x in ('pairs', 'statements', 'proven', 'refused', 'not built', 'wrong')))
    return 1 if counts['wrong'] or not counts['pairs'] else 0


if __name__ == '__main__':
    sys.exit(main())
