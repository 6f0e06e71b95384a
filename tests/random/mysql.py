#!/usr/bin/env python3
"""Random pairs of MySQL and MariaDB schemas, judged by SHOW CREATE: a schema and what random DDL makes of it.

usage: mysql.py SNAP COUNT [SEED] [--server URL]... [--schemas FOLDER]... [--case NAME]... [--seconds N]
                [--prove PERCENT] [--reduce] [--keep FOLDER] [--verbose]

Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers; COUNT and --seconds are for
each. A pair begins with a from.sql of FOLDER/CASE (without it, the golden cases), of the cases named where any
is. Statements chosen from information_schema and SHOW CREATE are applied to it; those that the server refuses
are passed by. Then: the changelog of FROM and TO applied to FROM, half of the time with rows in it, gives what
SHOW CREATE says of TO; a second diff says same; the rollback gives FROM; rows and values that stay are there.
A change that snap refuses by name is counted and not wrong. --prove writes that share with the proof, --seconds
begins no pair after that time. --reduce takes from a wrong pair every statement that is not needed, --keep
writes it down, --verbose shows the refusals too. The last line counts.
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
import mysql_more_mutations  # noqa: E402,F401
from mysql import Server, differences, fitting, is_for, quoted, read, snap  # noqa: E402
from mysql_mutations import MUTATIONS, Session  # noqa: E402

A, B = ('snap_test_rand_%s_%d' % (x, os.getpid()) for x in 'ab')
# what the server says where the rows do not allow a change
BY_ROWS = {'1048', '1062', '1138', '1265', '1264', '1366', '1292', '1406', '1411', '1416', '1441', '1452', '1526', '1690', '3140', '3157', '3636', '3643', '3819', '4025'}
VALUES = {  # of a data type, by the number i
    'date': "date '2020-01-01' + interval i day", 'datetime': "'2020-01-01' + interval i hour", 'timestamp': "'2020-01-01' + interval i hour",
    'time': 'maketime(i, 0, 0)', 'year': '2000 + i', 'json': 'json_array(i)', 'bit': 'i % 2', 'uuid': "concat('00000000-0000-0000-0000-00000000000', i)",
    'inet6': "concat('::', i)", 'point': 'point(i, i)', 'geometry': 'point(i, i)', 'vector': "to_vector('[1,2,3]')", 'set': '1', 'enum': '1 + i % 2',
}


def bases(folders, names, server):
    """(name, text) of every schema that this server takes."""
    found = []
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            case = json.loads(read(folder, name, 'case.json') or '{}')
            text = fitting(read(folder, name, 'from.sql'), server.kind)
            if text and (not names or name in names) and not set(case) & {'refused', 'unproven', 'options', 'databases', 'one way', 'empty'} and is_for(case, server):
                found.append((name, text))
    return found


def statements(text):
    """A script's statements; quotes of every kind hold theirs together."""
    found, at, end = [], 0, ';'
    for m in re.finditer(r"'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`|\"(?:[^\"\\]|\\.)*\"|(?:--\s|#)[^\n]*|/\*.*?\*/|^delimiter +(\S+)[^\n]*|\$\$|;;|;|//", text, re.S | re.I | re.M):
        if m[1]:
            end, at = m[1], m.end()
        elif m[0] == end:
            found.append(text[at:m.start()].strip())
            at = m.end()
    return [x for x in found + [text[at:].strip()] if x]


def script(texts):
    return 'DELIMITER $snap$\n/*M!100302 SET system_versioning_alter_history = KEEP */ $snap$\n' + ''.join(x + ' $snap$\n' for x in texts) + 'DELIMITER ;\n'


def drop_broken(session):
    """What names a column or a table that is gone can be made by no script: it goes."""
    done = []
    done += ['DROP VIEW ' + quoted(v) for v in session.views() if session.ask('SELECT 1 FROM %s LIMIT 0' % quoted(v))[1]]
    for name, table, *_ in session.triggers():
        there = {quoted(c[0]) for c in session.columns(table)}
        if any(x not in there for x in re.findall(r'\b(?:OLD|NEW)\.(`(?:[^`]|``)+`)', session.show('TRIGGER', name)[2])):
            done.append('DROP TRIGGER ' + quoted(name))
    for text in done:
        session.ask(text)
    return done


def mutate(server, db, rng, count):
    """Applies that many mutations, and gives the statements that the server took."""
    session, done = Session(server, db), []
    try:
        for _ in range(count):
            wanted = rng.choices([f for _, f in MUTATIONS], [w for w, _ in MUTATIONS])[0](session, rng)
            for text in [wanted] if isinstance(wanted, str) else wanted or []:
                _, error = session.ask(text.lstrip('?'))
                if not error:
                    done += [text.lstrip('?')] + drop_broken(session)
                elif not text.startswith('?'):
                    break
            session.ask('SET sql_mode = DEFAULT, time_zone = DEFAULT, foreign_key_checks = 1')
    finally:
        session.close()
    return done


def row_value(kind, text, srid):
    if kind in ('point', 'geometry') and srid != '0':
        return 'st_srid(point(i, i), %s)' % srid
    length = re.search(r'\((\d+)', text)
    if re.search('char|binary', kind):
        return "concat('r', i)" if not length or int(length[1]) > 1 else 'i'
    return VALUES.get(kind, 'i')


def fill(server, db):
    """Rows where simple values are taken; what a table refuses it goes without."""
    session, tables = Session(server, db), collections.OrderedDict()
    srid = '0' if session.maria else 'coalesce(srs_id, 0)'
    try:
        for table, name, kind, text, null, number in session.rows(
                "SELECT table_name, column_name, data_type, column_type, is_nullable, %s FROM information_schema.columns WHERE table_schema = DATABASE() AND "
                "coalesce(generation_expression, '') = '' ORDER BY 1, ordinal_position" % srid):
            tables.setdefault(table, []).append((quoted(name), row_value(kind, text, number), null == 'NO'))
        for only in ('all', 'some'):
            for table, columns in [(t, tables[t]) for t in session.tables() if t in tables]:
                used = [c for c in columns if c[2] or only == 'all']
                if used and session.ask('SELECT 1 FROM %s LIMIT 1' % quoted(table))[0] == '':
                    session.ask('INSERT INTO %s (%s) SELECT %s FROM (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) q' % (
                        quoted(table), ', '.join(c[0] for c in used), ', '.join(c[1] for c in used)))
    finally:
        session.close()


def columns(server, db):
    """{(table, column): type} of what holds rows; a generated column holds what it computes."""
    return {(t, c): rest for t, c, *rest in server.rows(
        db, "SELECT table_name, column_name, column_type, coalesce(collation_name, '') FROM information_schema.columns JOIN information_schema.tables USING "
            "(table_schema, table_name) WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND coalesce(generation_expression, '') = ''")}


def rows(server, db, which):
    """Every value of the columns, in any order."""
    found = {}
    for table, name in which:
        found[table, name] = sorted(server.rows(db, 'SELECT hex(%s) FROM %s' % (quoted(name), quoted(table))))
    return found


def by_rows(error):
    code = re.search(r'ERROR (\d+)', error)
    return code and code[1] in BY_ROWS


class Pair:
    def __init__(self, seed, found, prove):
        self.rng = random.Random(seed)
        self.name, self.text = self.rng.choice(found)
        self.back, self.filled = self.rng.random() < .5, self.rng.random() < .5
        self.proof = self.rng.random() * 100 < prove
        self.before = self.after = ()

    def build(self, server, db, *more):
        """What fails is passed by, as it was when the statements were found."""
        server.make(db, self.text)
        for texts in more:
            server.run(db, script(texts), '--force')

    def make(self, server):
        self.build(server, A)
        self.before = mutate(server, A, self.rng, self.rng.choice([0, 4, 12]))
        self.build(server, B, self.before)
        self.after = mutate(server, B, self.rng, self.rng.choice([2, 6, 12, 20]))

    def again(self, server, second=False):
        """Makes FROM anew, and TO where it is wanted."""
        for db in (A, B) if second else (B if self.back else A,):
            self.build(server, db, self.before, *([self.after] if db == B else []))

    def reduce(self, program, server, why):
        """Takes out what is not needed for the same failure, in halves and then one by one."""
        parts = [statements(self.text), list(self.before), list(self.after)]

        def same(try_):
            self.text, self.before, self.after = script(try_[0]), try_[1], try_[2]
            try:
                self.again(server, True)
                return kind_of(judge(program, server, self)) == kind_of(why)
            except RuntimeError:
                return False
        for n in (2, 1, 0, 2, 1, 0) if same(parts) else ():
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
        self.text, self.before, self.after = script(parts[0]), parts[1], parts[2]

    def scripts(self):
        return '\n'.join([self.text, script(self.before), '-- and then, %s%s:' % ('the way back' if self.back else 'forward', ', with rows' if self.filled else ''), script(self.after)])


def judge(program, server, pair):
    """'', 'refused ...' or what is wrong, of the changelog from one database to the other. FROM is changed."""
    first, second = (B, A) if pair.back else (A, B)
    a, b = server.url + '/' + first, server.url + '/' + second
    was, want = server.dump(first), server.dump(second)
    code, out, err = snap(program, 'diff', a, b)
    if code not in (0, 1):
        return 'diff %d: %s' % (code, err) if code != 3 else 'refused ' + err
    if code != (was != want):
        return 'diff says %d and SHOW CREATE %s\n%s' % (code, differences(was, want), out)
    with tempfile.TemporaryDirectory(prefix='snap-random-') as tmp:
        with open(os.path.join(tmp, 'snap.yml'), 'w', encoding='utf8') as f:
            f.write('scratch: { mysql: "%s/mysql" }\n' % server.url)
        plan, undo = os.path.join(tmp, 'plan.sql'), os.path.join(tmp, 'undo.sql')
        code, _, err = snap(program, 'changelog', a, b, *([] if pair.proof else ['--no-verify']), '-o', plan, '--rollback-output', undo, cwd=tmp)
        plan, undo = read(plan), read(undo)
    if code:
        return 'refused ' + err if code == 3 else 'changelog %d: %s' % (code, err)
    there, kept, stopped = columns(server, second), {}, ''
    if pair.filled:
        fill(server, first)
        kept = rows(server, first, [x for x, kind in columns(server, first).items() if there.get(x) == kind])
    error = server.apply(first, plan)
    if error and pair.filled:
        kept, stopped = {}, error
        pair.again(server)
        error = server.apply(first, plan)
    if error:
        return 'apply: ' + error
    if stopped and not by_rows(stopped):
        return 'apply with rows: ' + stopped
    got = server.dump(first)
    if got != want:
        return 'wrong: ' + differences(got, want) + shown(got, want)
    code, out, err = snap(program, 'diff', a, b)
    if code:
        return 'residue: ' + out + err
    lost = [x for x, y in rows(server, first, kept).items() if y != kept[x] and not re.search(
        r'^-- ! (DATA_LOSS|CONVERT): (column %s\.%s|table %s):' % (re.escape(x[0]), re.escape(x[1]), re.escape(x[0])), plan, re.M)]
    if lost:
        return 'rows: ' + ', '.join('%s.%s' % x for x in lost)
    error = server.apply(first, undo)
    if error and pair.filled and not stopped:
        stopped = error
        pair.again(server)
        error = server.apply(first, plan) or server.apply(first, undo)
    if error:
        return 'rollback: ' + error
    if stopped and not by_rows(stopped):
        return 'rollback with rows: ' + stopped
    got = server.dump(first)
    return '' if got == was else 'not back: ' + differences(got, was) + shown(got, was)


def shown(got, want):
    """The first lines that differ."""
    only = [x for _, text in set(got) - set(want) for x in text.split('\n')], [x for _, text in set(want) - set(got) for x in text.split('\n')]
    return ''.join(['\n  is     ' + x for x in only[0] if x not in only[1]][:3] + ['\n  wanted ' + x for x in only[1] if x not in only[0]][:3])


def kind_of(why):
    """What makes two failures the same one."""
    return re.sub(r'"[^"]*"|\'[^\']*\'|`[^`]*`|\bline \d+|\S*\.\S*', '', why.split('\n')[0])[:60]


def keep(folder, title, why, pair):
    if folder:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, title + '.sql'), 'w', encoding='utf8', errors='surrogateescape') as f:
            f.write('-- %s\n%s\n' % (why.replace('\n', '\n-- '), pair.scripts()))


def run(server, o, folders, counts, refusals):
    found, end = bases(folders, o.case, server), time.time() + o.seconds
    for seed in range(o.seed, o.seed + o.count):
        if time.time() > end:
            break
        pair, title = Pair(seed, found, o.prove), '%s-%d' % (server.kind, seed)
        try:
            pair.make(server)
        except RuntimeError as e:
            counts['not built'] += 1
            if o.verbose:
                print('%s: not built: %s' % (title, e))
            continue
        counts['statements'] += len(pair.after)
        try:
            why = judge(o.program, server, pair)
        except RuntimeError as e:
            why = 'stopped: %s' % e
        refused = why.startswith('refused')
        if refused:
            refusals.update(re.findall(r'^(?:refused )?(?:snap: )?(?:error: )?([A-Z][A-Z_]{3,})', why) or [why[:60]])
        counts.update(['pairs', *['proven'] * pair.proof, *['refused'] * refused, *['wrong'] * (bool(why) and not refused)])
        if why and (o.verbose or not refused):
            print('%s (%s): %s' % (title, pair.name, why[:1200]), flush=True)
            keep(o.keep, title, why, pair)
            if o.reduce:
                pair.reduce(o.program, server, why)
                keep(o.keep, title, why, pair)
    for db in (A, B):
        server.drop(db)


def options():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('count', type=int)
    p.add_argument('seed', type=int, nargs='?', default=random.SystemRandom().randrange(10 ** 6))
    for x in ('--server', '--schemas', '--case'):
        p.add_argument(x, action='append')
    p.add_argument('--seconds', type=int, default=10 ** 6)
    p.add_argument('--prove', type=int, default=0)
    p.add_argument('--reduce', action='store_true')
    p.add_argument('--verbose', action='store_true')
    p.add_argument('--keep')
    return p.parse_args()


def main():
    o = options()
    o.program = os.path.abspath(o.program)
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    folders, counts, refusals = o.schemas or [os.path.join(here, 'golden', 'mysql')], collections.Counter(), collections.Counter()
    for url in o.server or [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]:
        run(Server(url), o, folders, counts, refusals)
    if refusals:
        print('refused: ' + ', '.join('%s %d' % x for x in refusals.most_common()))
    print('random: %d pairs, %d statements, %d proven, %d refused by name, %d not built, %d wrong' % tuple(
        counts[x] for x in ('pairs', 'statements', 'proven', 'refused', 'not built', 'wrong')))
    return 1 if counts['wrong'] or not counts['pairs'] else 0


if __name__ == '__main__':
    sys.exit(main())
