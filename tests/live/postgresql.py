#!/usr/bin/env python3
"""Pairs of schemas on a real PostgreSQL server, judged by pg_dump.

usage: postgresql.py SNAP GOLDEN [--server URL] [--only NAME] [--client DIR] [--prove] [--every N]

Without --server, SNAP_TEST_POSTGRESQL_URL names it.

For each GOLDEN/CASE with from.sql and to.sql, in both directions: the changelog applied to FROM gives
what pg_dump says of TO, a second diff says same, and the rollback gives FROM again; every schema is also
built from `empty`. Every attribute of `snap features postgresql` changes in one of the cases. Rows that
a case puts into a table (rows.sql) are there at the end, unless its case.json says that they are lost.
Its "roles", "superusers" and "tablespaces" are made, and a server older than its "min" is passed by;
"one way" is what a rollback says that cannot be, "rollback_fails" what the server says where the rows
have no place in FROM any more, "kept" are queries on the rows; "hidden" what no output may show, which
the "hazard" tells, "refused" why there is no plan, either way, "unproven" why none is proven,
"options" are given to every changelog of two databases. A line of a script that ends with `-- 15+` or `-- <15`
is for such servers alone; "hazards" are named in the script.
--client is the folder of psql and pg_dump, --prove writes with the proof. The last line counts.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

CHECKS = FAILED = 0
PROOF = ['--no-verify']
CHANGED = set()  # (kind, attribute) that differs in a case
# what never changes where the path stays, or only together with a parent; then what 18 has
FIXED = set("""default_acl.on default_acl.owner default_acl.schema database_setting.roles user_mapping.roles operator.left
    operator.right aggregate.set type_function.arguments unique.part_of exclude.part_of foreign_key.part_of index.part_of trigger.clone
    domain.notnull_name column.notnull_comment column.notnull_invalid column.notnull_local column.notnull_name
    column.virtual check.not_enforced foreign_key.not_enforced""".split())


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)
    return ok


class Server:
    def __init__(self, url, client):
        self.url, self.hidden = url.rstrip('/'), ''
        self.client = client
        self.major = 0
        u = urllib.parse.urlparse(url)
        self.env = dict(os.environ, PGHOST=u.hostname or '', PGPORT=str(u.port or 5432),
                        PGUSER=u.username or 'postgres', PGOPTIONS='-c client_min_messages=error')

    def run(self, *cmd, text=None):
        r = subprocess.run([os.path.join(self.client, cmd[0]), *cmd[1:]], input=text, env=self.env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, encoding='utf8', errors='surrogateescape')
        return r.returncode, r.stdout, r.stderr

    def psql(self, db, text):
        code, _, err = self.run('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', db, text=text)
        return err.strip() or 'psql ended with %d' % code if code else ''

    def make(self, db, *scripts):
        self.drop(db)
        wrong = self.psql('postgres', 'CREATE DATABASE %s TEMPLATE template0' % db)
        for text in scripts:
            wrong = wrong or self.psql(db, text)
        if wrong:
            raise RuntimeError('%s: %s' % (db, wrong))

    def drop(self, db):
        # a subscription with a slot keeps its database
        self.psql(db, r"""SELECT format(x, subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid,
            unnest(ARRAY['ALTER SUBSCRIPTION %I DISABLE', 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)',
                         'DROP SUBSCRIPTION %I']) WITH ORDINALITY o(x, n)
            WHERE d.datname = current_database() ORDER BY subname, n \gexec""")
        force = ' WITH (FORCE)' if self.version() > 12 else ''
        self.psql('postgres', 'DROP DATABASE IF EXISTS %s%s' % (db, force))

    def version(self):
        if not self.major:
            self.major = int(self.run('psql', '-X', '-At', '-d', 'postgres', '-c',
                                      'SHOW server_version_num')[1]) // 10000
        return self.major

    def dump(self, db):
        """What pg_dump says, without what changes from run to run; lines of a table in any order."""
        code, out, err = self.run('pg_dump', '-s', db)
        if code:
            raise RuntimeError(err)
        parts = re.split(r'(?m)^--\n-- (Name: .*)\n--\n', re.sub(r'(?m)^\\(un)?restrict.*\n', '', out))
        found = []
        for head, body in zip(parts[1::2], parts[2::2]):
            lines = [x for x in body.split('\n') if x.strip() and not x.startswith(('SET ', '--'))
                     and ' SET (pg_attver=' not in x]  # of Debian's 15, which no other pg_dump leaves out
            if '; Type: TABLE;' in head:
                lines = sorted(x.rstrip(',') for x in lines)
            body = '\n'.join(lines)
            found.append((head, without_secrets(body, self.hidden) if self.hidden else body))
        return sorted(found + self.unseen(db))

    def unseen(self, db):
        """What pg_dump does not show: settings, grants and comment of the database, and versions."""
        return [('the database', x) for x in self.run('psql', '-X', '-At', '-d', db, '-c', """
            SELECT 'setting', coalesce(r.rolname, ''), unnest(s.setconfig) FROM pg_db_role_setting s
            JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole
            WHERE d.datname = current_database()
            UNION ALL SELECT 'database', datconnlimit::text, concat_ws(' ', shobj_description(oid, 'pg_database'),
                ARRAY(SELECT x::text FROM unnest(coalesce(datacl, acldefault('d', datdba))) x ORDER BY 1))
            FROM pg_database WHERE datname = current_database()
            UNION ALL SELECT 'extension', extname, extversion FROM pg_extension""")[1].split('\n')]


def without_secrets(body, hidden):
    """They are no part of a schema; where a subscription connects to with one is for snap's own diff."""
    body = re.sub(r'CONNECTION .* PUBLICATION', 'CONNECTION PUBLICATION', body)
    body = re.sub(r"(?m)[\w]+ '[^'\n]*(%s)[^'\n]*'(,\s*)?" % hidden, '', body)
    return '\n'.join(x.strip().rstrip(',') for x in body.split('\n') if x.strip())


def differences(a, b):
    return ', '.join(h for h, _ in sorted(set(a) ^ set(b)))[:400]


def snap(program, *args):
    r = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       stdin=subprocess.DEVNULL, encoding='utf8', errors='surrogateescape')
    return r.returncode, r.stdout, r.stderr


def read(*path):
    try:
        with open(os.path.join(*path), encoding='utf8') as f:
            return f.read()
    except FileNotFoundError:
        return ''


def fitting(text, major):
    """The lines of a script that are for a server of this version."""
    marks = {'+': lambda n: major >= n, '<': lambda n: major < n}
    kept = []
    for line in text.split('\n'):
        mark = re.search(r' -- (?:(<)(\d+)|(\d+)(\+))$', line)
        if not mark or marks[mark[1] or mark[4]](int(mark[2] or mark[3])):
            kept.append(line)
    return '\n'.join(kept)


def one_way(program, server, name, made, wanted, tmp, case=None):
    """Applies the changelog of two databases to the first, then its rollback."""
    a, b = server.url + '/' + made, server.url + '/' + wanted
    was, want = server.dump(made), server.dump(wanted)
    case = case or {}
    options = case.get('options', [])
    no_way_back = case.get('one way') or case.get('rollback_fails')
    kept = rows(server, made, case)
    plan, undo = os.path.join(tmp, 'plan.sql'), os.path.join(tmp, 'undo.sql')
    code, out, _ = snap(program, 'diff', a, b)
    check(code == (was != want), '%s: diff ends with %d' % (name, code))
    code, _, err = snap(program, 'changelog', a, b, *PROOF, *options, '-o', plan, '--rollback-output', undo)
    if 'refused' in case:
        check(code == 3 and case['refused'] in err and not os.path.exists(plan),
              '%s: it is to be refused, and ends with %d: %s' % (name, code, err.strip()))
        return
    if 'unproven' in case and not PROOF:
        check(code == 3 and case['unproven'] in err and not os.path.exists(plan),
              '%s: the proof is to fail, and ends with %d: %s' % (name, code, err.strip()))
        return
    if not check(code == 0, '%s: changelog ends with %d: %s' % (name, code, err.strip())):
        return
    for code in case.get('hazards', []):
        check(code in read(plan), '%s: %s is not named' % (name, code))
    wrong = server.psql(made, read(plan))
    if not check(not wrong, '%s: the changelog: %s' % (name, wrong)):
        return
    got = server.dump(made)
    check(got == want, '%s: applied, but not equal in %s' % (name, differences(got, want)))
    code, out, _ = snap(program, 'diff', a, b)
    check(code == 0, '%s: applied, and diff says\n%s' % (name, out))
    check(rows(server, made, case) == kept, '%s: applied, and rows are not what they were' % name)
    wrong = server.psql(made, read(undo))
    if no_way_back:
        check(no_way_back in wrong, '%s: the rollback does not say why it fails: %s' % (name, wrong))
    elif check(not wrong, '%s: the rollback: %s' % (name, wrong)):
        got = server.dump(made)
        check(got == was, '%s: rolled back, but not equal in %s' % (name, differences(got, was)))


def from_nothing(program, server, name, wanted, tmp, options):
    plan = os.path.join(tmp, 'all.sql')
    code, _, err = snap(program, 'changelog', 'empty', server.url + '/' + wanted, *PROOF,
                        *options, '-o', plan)
    if not check(code == 0, '%s: from empty: %s' % (name, err.strip())):
        return
    server.make('snap_test_new')
    wrong = server.psql('snap_test_new', read(plan))
    if check(not wrong, '%s: from empty: %s' % (name, wrong)):
        got, want = server.dump('snap_test_new'), server.dump(wanted)
        check(got == want, '%s: from empty: not equal in %s' % (name, differences(got, want)))
        code, out, err = snap(program, 'diff', server.url + '/snap_test_new', server.url + '/' + wanted)
        check(code == 0, '%s: from empty, and diff says\n%s%s' % (name, out, err))


def rows(server, db, case):
    return [server.run('psql', '-X', '-At', '-d', db, '-c', q)[1] for q in case.get('kept', [])]


def hidden(program, server, name, case):
    """What no output may hold, and the hazard that says so."""
    if 'hidden' not in case:
        return
    a, b, said = server.url + '/snap_test_a', server.url + '/snap_test_b', ''
    for wanted in (['snapshot', a], ['diff', a, b], ['changelog', a, b, '--no-verify', '-o', '-', '--allow-lossy'],
                   ['changelog', 'empty', b, '--no-verify', '-o', '-', '--allow-lossy',
                    '--format', 'liquibase-yaml']):
        said += ''.join(snap(program, *wanted)[1:])
    code, _, err = snap(program, 'changelog', 'empty', b, '--no-verify', '-o', '-', '--format', 'sql')
    check(code == 3 and 'SECRET_UNKNOWN' in err, '%s: what lacks its secret is written unasked' % name)
    said += err
    found = re.search(case['hidden'], said)
    check(not found, '%s: %s is shown' % (name, found and found[0]))
    check(case['hazard'] in said, '%s: no hazard says %s' % (name, case['hazard']))


def note_changed(program, server):
    found = []
    for db in ('snap_test_a', 'snap_test_b'):
        _, out, _ = snap(program, 'snapshot', server.url + '/' + db)
        with tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf8') as f:
            f.write(out)
            f.flush()
            code, said, err = snap(program, 'diff', f.name, server.url + '/' + db)
            check(code == 0, '%s: what is written is read back as another: %s%s' % (db, said, err))
        found.append({x['path']: x.get('a', {}) for x in json.loads(out)['objects']})
    for path in set(found[0]) & set(found[1]):
        a, b = found[0][path], found[1][path]
        kind = path.rsplit('/', 1)[-1].split(':')[0]
        CHANGED.update((kind, x) for x in set(a) | set(b) if a.get(x) != b.get(x))


def attributes(program):
    """(kind, attribute) of every row of the engine's tables, less those of newer servers."""
    kind, found = '', []
    for line in snap(program, 'features', 'postgresql')[1].split('\n'):
        if re.match(r'\w+: ', line):
            kind = line.split(':')[0]
        elif m := re.match(r'  (\w+) +(structure|comments|owner|acl|storage|order|stats|counters) ', line):
            found.append((kind, m.group(1)))
    return found


def run_case(program, server, golden, name, case):
    folder = os.path.join(golden, name)
    server.hidden = case.get('hidden', '')
    for role in case.get('roles', []):
        server.psql('postgres', 'CREATE ROLE "%s"' % role)
    for role in case.get('superusers', []):
        server.psql('postgres', 'CREATE ROLE "%s" SUPERUSER' % role)
    for space in case.get('tablespaces', []):
        server.psql('postgres', "SET allow_in_place_tablespaces = on; CREATE TABLESPACE %s LOCATION ''" % space)
    first, second, filled = (fitting(read(folder, x), server.version())
                             for x in ('from.sql', 'to.sql', 'rows.sql'))
    with tempfile.TemporaryDirectory(prefix='snap-pg-') as tmp:
        server.make('snap_test_a', first, filled)
        server.make('snap_test_b', second)
        note_changed(program, server)
        kept = rows(server, 'snap_test_a', case)
        hidden(program, server, name, case)
        one_way(program, server, name, 'snap_test_a', 'snap_test_b', tmp, case)
        check(rows(server, 'snap_test_a', case) == kept, '%s: rows are not what they were' % name)
        server.make('snap_test_a', first)
        if not case.get('one way'):
            one_way(program, server, name + ' back', 'snap_test_b', 'snap_test_a', tmp,
                    {k: case[k] for k in case if k in ('refused', 'options')})
            from_nothing(program, server, name + ' (from)', 'snap_test_a', tmp, case.get('options', []))
        server.make('snap_test_b', second)
        from_nothing(program, server, name + ' (to)', 'snap_test_b', tmp, case.get('options', []))


def main():
    args = sys.argv[1:]
    only = args.pop(args.index('--only') + 1) if '--only' in args else None
    url = args.pop(args.index('--server') + 1) if '--server' in args else \
        os.environ['SNAP_TEST_POSTGRESQL_URL']
    client = args.pop(args.index('--client') + 1) if '--client' in args else ''
    every = int(args.pop(args.index('--every') + 1)) if '--every' in args else 1
    if '--prove' in args:
        PROOF.clear()
    program, golden = [x for x in args if not x.startswith('--')]
    server, cases, passed_by = Server(url, client), 0, 0
    for name in sorted(os.listdir(golden))[::every]:
        if (only and only not in name) or not os.path.exists(os.path.join(golden, name, 'to.sql')):
            continue
        case = json.loads(read(golden, name, 'case.json') or '{}')
        if server.version() < case.get('min', 0):
            passed_by += 1
            continue
        cases += 1
        try:
            run_case(program, server, golden, name, case)
        except (RuntimeError, OSError, ValueError) as e:
            check(False, '%s: %s' % (name, e))
    for db in ('snap_test_a', 'snap_test_b', 'snap_test_new'):
        server.drop(db)
    if not only and every == 1 and server.version() == 15:
        known = {'%s.%s' % x for x in attributes(program)}
        for name in sorted(known - {'%s.%s' % x for x in CHANGED} | FIXED):
            check(name in FIXED, 'no case changes ' + name)
            check(name in known, 'FIXED names %s: there is no such attribute' % name)
    print('postgresql %d: %d cases, %d for newer servers, %d checks, %d failed'
          % (server.version(), cases, passed_by, CHECKS, FAILED))
    return 1 if FAILED or not cases else 0


if __name__ == '__main__':
    sys.exit(main())
