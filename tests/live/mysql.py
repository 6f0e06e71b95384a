#!/usr/bin/env python3
"""Pairs of schemas on a real MySQL or MariaDB server, judged by SHOW CREATE.

usage: mysql.py SNAP GOLDEN [--server URL] [--only NAME] [--prove] [--keep]
[--share] [--every N]

Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers.

For each GOLDEN/CASE with from.sql and to.sql, in both directions: the changelog applied to FROM gives
what SHOW CREATE says of everything in TO (the order of keys and constraints aside), a second diff says
same, and the rollback gives FROM again; every schema is also built from `empty`. Every attribute of
`snap features mysql` changes in one of the cases. The tables that rows.sql fills hold as many rows after
the changelog, and the very rows after the rollback, but those that case.json names as "lost".
case.json: "mysql", "mariadb": the version that the case needs there, "0" for any; where it names one
server only, the other is passed by. "kept" are queries whose answer never changes, "hazards" are named
in the script, "unsaid" stands nowhere in it, "options" given to every changelog of two databases,
"refused" why there is no plan, either way, "unproven" why none is proven, "one way" what the server says
to a rollback, or to the way back, "empty" why nothing becomes such a schema, "databases" others that the
scripts make, "users" and "roles" whom they grant something: SHOW GRANTS tells what. A line of a script
that ends with `-- mysql` or `-- mariadb` is for that server alone. --prove writes with the proof, --keep
leaves the databases there. With --share each case is proven on one of its servers, in turn, and the
other only shows what it changes.
The last line counts.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

CHECKS = FAILED = 0
PROOF = ['--no-verify']
# (kind, attribute) that differs in a case, on any server
CHANGED = set()
# what never changes where the path stays
FIXED = set("""trigger.group""".split())
DATABASES = ('snap_test_a', 'snap_test_b', 'snap_test_new')


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)
    return ok


def quoted(name):
    return '`%s`' % name.replace('`', '``')


def unescaped(field):
    """A field as the client's batch mode writes it."""
    return re.sub(r'\\(.)', lambda m: {'n': '\n', 't': '\t', '0': '\0'}.get(m[1], m[1]), field)


def table_text(text):
    """Columns in their order, then keys and constraints in any; no counter."""
    head, *lines = text.split('\n')
    end = next(i for i, x in enumerate(lines) if x.startswith(')'))
    body = [x.rstrip(',') for x in lines[:end]]
    columns = [x for x in body if x.startswith('  `')]
    tail = '\n'.join(lines[end:])
    return '\n'.join([head] + columns + sorted(x for x in body if x not in columns)
                     + [re.sub(r'^(\)[^\n]*?) AUTO_INCREMENT=\d+', r'\1', tail)])


class Server:
    def __init__(self, url):
        u = urllib.parse.urlparse(url)
        self.url = url.rstrip('/')
        self.env = dict(os.environ, MYSQL_PWD=urllib.parse.unquote(u.password or ''))
        client = shutil.which('mariadb') or 'mysql'
        self.client = [client, '--no-defaults', '--default-character-set=utf8mb4', '-BN', '-h', u.hostname,
                       '-P', str(u.port or 3306), '-u', u.username or 'root']
        if client != 'mysql':
            self.client.insert(2, '--skip-ssl')
        self.users, self.accounts = [], []
        text = self.rows('', 'SELECT version()')[0][0]
        self.kind = 'mariadb' if 'MariaDB' in text else 'mysql'
        self.version = tuple(int(x) for x in re.match(r'[\d.]+', text)[0].split('.'))

    def run(self, db, text, *more):
        r = subprocess.run(self.client + [*more, *([db] if db else [])], input=text, env=self.env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, encoding='utf8', errors='surrogateescape')
        return r.returncode, r.stdout, r.stderr.strip()

    def apply(self, db, text):
        code, _, err = self.run(db, text)
        return (err or 'the client ended with %d' % code) if code else ''

    def rows(self, db, text):
        code, out, err = self.run(db, text)
        if code:
            raise RuntimeError('%s: %s' % (text[:60], err))
        return [[unescaped(x) for x in line.split('\t')] for line in out.split('\n')[:-1]]

    def drop(self, db):
        """Grants outlive a database."""
        self.apply('', 'SET foreign_key_checks = 0; DROP DATABASE IF EXISTS %s' % db)
        if self.accounts:
            self.apply('mysql', ''.join("DELETE FROM %s WHERE db IN ('%s', '%s');" % (t, db, db.replace('_', r'\\_'))
                                        for t in ('db', 'tables_priv', 'columns_priv', 'procs_priv'))
                       + 'FLUSH PRIVILEGES')

    def make_accounts(self, users, roles):
        self.drop_accounts()
        self.users, self.accounts = users, users + roles
        for kind, names in (('USER', users), ('ROLE', roles)):
            wrong = self.apply('', ''.join('DROP %s IF EXISTS %s; CREATE %s %s;' % (kind, x, kind, x) for x in names))
            if wrong:
                raise RuntimeError(wrong)

    def drop_accounts(self):
        self.apply('', ''.join('DROP %s %s;' % ('USER' if x in self.users else 'ROLE', x) for x in self.accounts))
        self.users, self.accounts = [], []

    def grants(self, db):
        """What accounts are granted in a database."""
        names = self.accounts + (['PUBLIC'] if self.kind == 'mariadb' and self.accounts else [])
        found, escaped = [], db.replace('_', r'\_')
        for name, line in [(x, y) for x in names for (y,) in self.rows('', 'SHOW GRANTS FOR ' + x)]:
            for form, said in ((db, '`DB`'), (escaped, '`DB, escaped`')):
                if '`%s`.' % form in line:
                    line = line.replace('`%s`' % form, said)
                    line = re.sub(r'\((`.*?)\)', lambda m: '(%s)' % ', '.join(sorted(m[1].split(', '))), line)
                    found.append(('what %s is granted' % name, line))
        return found

    def make(self, db, *scripts):
        self.drop(db)
        wrong = self.apply('', 'CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci' % db)
        for text in scripts:
            wrong = wrong or self.apply(db, text)
        if wrong:
            raise RuntimeError('%s: %s' % (db, wrong))

    def tables(self, db):
        return [x[0] for x in self.rows(db, "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                            "DATABASE() AND table_type LIKE '%BASE TABLE' "
                                            "OR table_schema = DATABASE() AND table_type = 'SYSTEM VERSIONED'")]

    def dump(self, db):
        """[(what, text)] of everything in a database."""
        want = [[x[1] if x[1] in ('VIEW', 'SEQUENCE') else 'TABLE', x[0]] for x in self.rows(
            db, 'SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()')]
        want += self.rows(db, 'SELECT routine_type, routine_name FROM information_schema.routines WHERE '
                              'routine_schema = DATABASE()')
        want += self.rows(db, "SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = "
                              'DATABASE()')
        order = self.rows(db, "SELECT 'TRIGGER', trigger_name, event_object_table, action_timing, event_manipulation,"
                              ' action_order FROM information_schema.triggers WHERE trigger_schema = DATABASE()')
        want += [x[:2] for x in order]
        shown = self.rows(db, ''.join('SHOW CREATE %s %s;\n' % (k, quoted(n)) for k, n in want)) if want else []
        if len(shown) != len(want):
            raise RuntimeError('%s: %d answers to %d questions' % (db, len(shown), len(want)))
        found = [('order of trigger ' + x[1], ' '.join(x[2:])) for x in order]
        for (kind, name), answer in zip(want, shown):
            if kind == 'TRIGGER':
                answer = answer[:6]  # then when it was made
            text = table_text(answer[1]) if kind == 'TABLE' else '\n'.join(answer[1:])
            found.append((kind.lower() + ' ' + name, text.replace('`%s`.' % db, '')))
        found += [('the database', ' '.join(x)) for x in self.rows(
            db, 'SELECT default_character_set_name, default_collation_name%s FROM information_schema.schemata WHERE '
                'schema_name = DATABASE()' % (', schema_comment' if self.kind == 'mariadb' else ''))]
        return sorted(found + self.grants(db))

    def contents(self, db):
        """{table: rows in any order}"""
        return {t: sorted(self.rows(db, 'SELECT * FROM ' + quoted(t))) for t in self.tables(db)}


def differences(a, b):
    return ', '.join(sorted({h for h, _ in set(a) ^ set(b)}))[:400]


def snap(program, *args, cwd=None):
    r = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
                       stdin=subprocess.DEVNULL, encoding='utf8', errors='surrogateescape')
    return r.returncode, r.stdout, r.stderr


def read(*path):
    try:
        with open(os.path.join(*path), encoding='utf8') as f:
            return f.read()
    except FileNotFoundError:
        return ''


def fitting(text, kind):
    """The lines of a script that are for this server."""
    kept = []
    for line in text.split('\n'):
        mark = re.search(r' -- (mysql|mariadb)$', line)
        if not mark or mark[1] == kind:
            kept.append(line)
    return '\n'.join(kept)


def kept_rows(server, db, case):
    return [server.rows(db, q) for q in case.get('kept', [])]


def compare_rows(server, name, db, was, lost, whole):
    now = server.contents(db)
    for table in sorted(set(was) & set(now) - set(lost)):
        same = was[table] == now[table] if whole else len(was[table]) == len(now[table])
        check(same, '%s: the rows of %s are not what they were' % (name, table))


def one_way(program, server, name, made, wanted, tmp, case):
    """Applies the changelog of two databases to the first, then its rollback."""
    a, b = server.url + '/' + made, server.url + '/' + wanted
    was, want, held = server.dump(made), server.dump(wanted), server.contents(made)
    kept = kept_rows(server, made, case)
    plan, undo = os.path.join(tmp, 'plan.sql'), os.path.join(tmp, 'undo.sql')
    for path in (plan, undo):
        if os.path.exists(path):
            os.unlink(path)
    code, out, err = snap(program, 'diff', a, b)
    check(code == (was != want), '%s: diff ends with %d %s' % (name, code, err))
    code, _, err = snap(program, 'changelog', a, b, *PROOF, *case.get('options', []), '-o', plan,
                        '--rollback-output', undo, cwd=tmp)
    for why in ['refused'] + (['unproven'] if not PROOF else []):
        if why in case:
            check(code == 3 and case[why] in err and not os.path.exists(plan),
                  '%s: it is to be %s, and ends with %d: %s' % (name, why, code, err.strip()))
            return
    if not check(code == 0, '%s: changelog ends with %d: %s' % (name, code, err.strip())):
        return
    for code in case.get('hazards', []):
        check(code in read(plan), '%s: %s is not named' % (name, code))
    for text in case.get('unsaid', []):
        check(text not in read(plan), '%s: %s is named' % (name, text))
    wrong = server.apply(made, read(plan))
    if not check(not wrong, '%s: the changelog: %s' % (name, wrong)):
        return
    got = server.dump(made)
    check(got == want, '%s: applied, but not equal in %s' % (name, differences(got, want)))
    code, out, _ = snap(program, 'diff', a, b)
    check(code == 0, '%s: applied, and diff says\n%s' % (name, out))
    compare_rows(server, name + ': applied', made, held, case.get('lost', []), False)
    check(kept_rows(server, made, case) == kept, '%s: applied, and rows are not what they were' % name)
    wrong = server.apply(made, read(undo))
    if 'one way' in case:
        check(case['one way'] in wrong, '%s: the rollback does not say why it fails: %s' % (name, wrong))
    elif check(not wrong, '%s: the rollback: %s' % (name, wrong)):
        got = server.dump(made)
        check(got == was, '%s: rolled back, but not equal in %s' % (name, differences(got, was)))
        compare_rows(server, name + ': rolled back', made, held, case.get('lost', []), True)
        check(kept_rows(server, made, case) == kept, '%s: rolled back, and rows are not what they were' % name)


def from_nothing(program, server, name, wanted, tmp, case):
    plan, options = os.path.join(tmp, 'all.sql'), case.get('options', [])
    code, _, err = snap(program, 'changelog', 'empty', server.url + '/' + wanted, *PROOF, *options, '-o', plan,
                        cwd=tmp)
    if 'empty' in case:
        check(code == 3 and case['empty'] in err and not os.path.exists(plan),
              '%s: from empty it ends with %d and does not say why: %s' % (name, code, err.strip()))
        return
    if not check(code == 0, '%s: from empty: %s' % (name, err.strip())):
        return
    server.make('snap_test_new')
    wrong = server.apply('snap_test_new', read(plan))
    os.unlink(plan)
    if check(not wrong, '%s: from empty: %s' % (name, wrong)):
        got, want = server.dump('snap_test_new'), server.dump(wanted)
        check(got == want, '%s: from empty: not equal in %s' % (name, differences(got, want)))
        code, out, err = snap(program, 'diff', server.url + '/snap_test_new', server.url + '/' + wanted)
        check(code == 0, '%s: from empty, and diff says\n%s%s' % (name, out, err))


def note_changed(program, server):
    found = []
    for db in DATABASES[:2]:
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
    """(kind, attribute) of every row of the engine's tables."""
    kind, found = '', []
    for line in snap(program, 'features', 'mysql')[1].split('\n'):
        if re.match(r'\w+: ', line):
            kind = line.split(':')[0]
        elif m := re.match(r'  (\w+) +(structure|comments|owner|acl|storage|order|counters) ', line):
            found.append((kind, m.group(1)))
    return found


def run_case(program, server, golden, name, case, shown):
    folder = os.path.join(golden, name)
    first, second, filled = (fitting(read(folder, x), server.kind) for x in ('from.sql', 'to.sql', 'rows.sql'))
    server.make_accounts(case.get('users', []), case.get('roles', []))
    for db in case.get('databases', []):
        server.drop(db)
    if shown:
        server.make('snap_test_a', first)
        server.make('snap_test_b', second)
        note_changed(program, server)
        return
    title = '%s %s' % (server.kind, name)
    with tempfile.TemporaryDirectory(prefix='snap-my-') as tmp:
        with open(os.path.join(tmp, 'snap.yml'), 'w', encoding='utf8') as f:
            f.write('scratch: { mysql: "%s/mysql" }\n' % server.url)
        server.make('snap_test_a', first, filled)
        server.make('snap_test_b', second)
        note_changed(program, server)
        one_way(program, server, title, 'snap_test_a', 'snap_test_b', tmp, case)
        server.make('snap_test_a', first)
        back = {k: case[k] for k in case if k in ('refused', 'unproven', 'options')}
        if 'one way' not in case:
            one_way(program, server, title + ' back', 'snap_test_b', 'snap_test_a', tmp, back)
            from_nothing(program, server, title + ' (from)', 'snap_test_a', tmp, case)
        server.make('snap_test_b', second)
        from_nothing(program, server, title + ' (to)', 'snap_test_b', tmp, case)


def is_for(case, server):
    if 'mysql' not in case and 'mariadb' not in case:
        return True
    least = case.get(server.kind)
    return least is not None and server.version >= tuple(int(x) for x in least.split('.'))


def main():
    args = sys.argv[1:]
    only = args.pop(args.index('--only') + 1) if '--only' in args else None
    urls = [args.pop(args.index('--server') + 1)] if '--server' in args else \
        [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    every = int(args.pop(args.index('--every') + 1)) if '--every' in args else 1
    if '--prove' in args:
        PROOF.clear()
    share = '--share' in args  # each case on one of the servers that it is for, in turn; shown on the other
    program, golden = [x for x in args if not x.startswith('--')]
    program, cases, passed_by, said = os.path.abspath(program), 0, 0, []
    servers = [Server(x) for x in urls]
    for server in servers:
        for turn, name in enumerate(sorted(os.listdir(golden))[::every]):
            if (only and only not in name) or not os.path.exists(os.path.join(golden, name, 'to.sql')):
                continue
            case = json.loads(read(golden, name, 'case.json') or '{}')
            for_it = [x for x in servers if is_for(case, x)]
            shown = share and server in for_it and for_it[turn % len(for_it)] is not server
            if server not in for_it or (shown and every != 1):
                passed_by += 1
                continue
            passed_by += shown
            cases += not shown
            try:
                run_case(program, server, golden, name, case, shown)
            except (RuntimeError, OSError, ValueError) as e:
                check(False, '%s %s: %s' % (server.kind, name, e))
            for db in case.get('databases', []) if '--keep' not in args else ():
                server.drop(db)
        for db in DATABASES if '--keep' not in args else ():
            server.drop(db)
        server.drop_accounts()
        said.append('%s %s' % (server.kind, '.'.join(str(x) for x in server.version)))
    if not only and every == 1 and {x.kind for x in servers} == {'mysql', 'mariadb'}:
        known = {'%s.%s' % x for x in attributes(program)}
        for name in sorted(known - {'%s.%s' % x for x in CHANGED} | FIXED):
            check(name in FIXED, 'no case changes ' + name)
            check(name in known, 'FIXED names %s: there is no such attribute' % name)
    print('%s: %d cases, %d for another server, %d checks, %d failed'
          % (' and '.join(said) or 'no server', cases, passed_by, CHECKS, FAILED))
    return 1 if FAILED or not cases else 0


if __name__ == '__main__':
    sys.exit(main())
