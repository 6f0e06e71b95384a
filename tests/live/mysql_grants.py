#!/usr/bin/env python3
"""What snap says of grants on MySQL and MariaDB where a role may not read them, an account is missing, a pattern
gives them, or a script does.

usage: mysql_grants.py SNAP [--server URL]

Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers (root without password).
"""
import json
import os
import re
import subprocess
import sys
import tempfile

A, B = 'snap_test_ga', 'snap_test_gb'
ROLE, APP = 'snap_test_sees', 'snap_test_app'
TABLES = ('db', 'tables_priv', 'columns_priv', 'procs_priv')
CHECKS = FAILED = 0


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text, flush=True)
    return ok


class Test:
    def __init__(self, program, url, folder):
        self.program, self.folder = program, folder
        self.at = re.search(r'@([^/]*)', url).group(1)
        host, port = self.at.split(':')
        self.client = ['mariadb', '--no-defaults', '--skip-ssl', '-N', '-h', host, '-P', port, '-uroot']
        self.mariadb = 'MariaDB' in self.sql('SELECT version()')

    def sql(self, text, db='', fails=False):
        r = subprocess.run(self.client + ([db] if db else []), input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           encoding='utf8')
        if r.returncode and not fails:
            sys.exit('%s\n%s' % (text, r.stderr))
        return r.stderr if fails else r.stdout

    def url(self, db, who='root'):
        return 'mysql://%s@%s/%s' % (who, self.at, db)

    def snap(self, *args):
        r = subprocess.run([self.program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                           cwd=self.folder, encoding='utf8')
        return r.returncode, r.stdout, r.stderr

    def says(self, what, args, code, out='', err=''):
        got = self.snap(*args)
        check(got[0] == code and out in got[1] and err in got[2], '%s: %d\n%s%s' % (what, *got))
        return got

    def write(self, name, text):
        with open(os.path.join(self.folder, name), 'w', encoding='utf8') as f:
            f.write(text)
        return name

    def clean(self):
        self.sql('DROP DATABASE IF EXISTS %s; DROP DATABASE IF EXISTS %s; DROP USER IF EXISTS %s, %s' % (A, B, ROLE, APP))

    def make(self):
        self.clean()
        self.sql('CREATE USER %s, %s; CREATE DATABASE %s; CREATE DATABASE %s' % (ROLE, APP, A, B))
        for db in (A, B):
            self.sql('CREATE TABLE t (a int); GRANT SELECT ON t TO %s' % APP, db)
            self.sql('GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON %s.* TO %s' % (db, ROLE))
        self.sql('GRANT SELECT ON mysql.proc TO %s' % ROLE if self.mariadb else 'GRANT SHOW_ROUTINE ON *.* TO %s' % ROLE)
        self.sql('GRANT INSERT ON t TO %s' % APP, B)


def weak(t):
    """A role that reads the schema and no grants: a verdict on all else, and never a word on grants."""
    a, b = t.url(A, ROLE), t.url(B, ROLE)
    t.says('weak: the same but grants', ['diff', a, b], 0, err='acl is left out')
    _, _, err = t.says('weak: what would help', ['diff', t.url(A), b], 0, err='what would help: ')
    check(all('GRANT SELECT ON mysql.%s TO' % x in err for x in TABLES), 'weak: all tables: ' + err)
    for facets in ('+acl', 'acl'):
        t.says('weak, %s' % facets, ['diff', a, b, '--facets', facets], 3, err='HIDDEN')
    t.says('weak, -acl', ['diff', a, b, '--facets', '-acl'], 0)
    check(t.snap('diff', a, b, '--facets', '-acl')[2] == '', 'weak, -acl: nothing is said')
    t.says('weak: changelog', ['changelog', a, t.url(B), '--no-verify', '-o', 'weak.sql'], 0, err='0 changes')
    check('REVOKE' not in open(os.path.join(t.folder, 'weak.sql')).read(), 'weak: no REVOKE is made up')
    t.says('weak: snapshot', ['snapshot', a, '-o', 'weak.json'], 0, err='acl is left out')
    t.says('weak: snapshot, +acl', ['snapshot', a, '--facets', '+acl'], 3, err='HIDDEN')
    with open(os.path.join(t.folder, 'weak.json'), encoding='utf8') as f:
        check('acl' not in json.load(f)['captured'], 'weak: the snapshot says that it holds no grants')
    t.says('weak: its snapshot', ['diff', 'weak.json', t.url(A)], 0, err='weak.json: acl is left out')
    t.says('weak: its snapshot, acl', ['diff', 'weak.json', t.url(A), '--facets', '+acl'], 3, err='FACET_MISSING')
    t.says('weak: drift of what it sees', ['drift', a, '--baseline', 'weak.json'], 0)
    t.snap('snapshot', t.url(A), '-o', 'whole.json')
    t.says('weak: drift of what others see', ['drift', a, '--baseline', 'whole.json'], 3, err='HIDDEN')
    for n, table in enumerate(TABLES):
        t.says('weak: %d of 4' % n, ['diff', a, b, '--facets', '+acl'], 3, err='mysql.%s ' % table)
        t.sql('GRANT SELECT ON mysql.%s TO %s' % (table, ROLE))
    t.says('no more weak', ['diff', a, b], 1, out='INSERT')


def replaced(t):
    """Grants that are not read stay where the server keeps them, else the plan says that they go."""
    a, b = t.url(A, ROLE), t.url(B, ROLE)
    for n, db in enumerate((A, B)):
        t.sql('CREATE PROCEDURE p() SELECT %d; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN %d; CREATE VIEW v AS SELECT %d AS x%d;'
              'GRANT EXECUTE ON PROCEDURE p TO %s; GRANT EXECUTE ON FUNCTION f TO %s; GRANT SELECT ON v TO %s'
              % (n, n, n, n, APP, APP, APP), db)
    was = t.sql('SHOW GRANTS FOR ' + APP)
    for mode in ([], ['--facets', '-acl']):
        t.says('replaced: changelog', ['changelog', a, b, '--no-verify', '-o', 'new.sql', *mode], 0)
        with open(os.path.join(t.folder, 'new.sql'), encoding='utf8') as f:
            plan = f.read()
        named = re.findall(r'^-- ! GRANTS_LOST: (\w+ \w+)', plan, re.M)
        check(sorted(named) == ([] if t.mariadb else ['function f', 'procedure p']), 'replaced: named are %s' % named)
    whole = t.snap('changelog', t.url(A), t.url(B), '--no-verify')[1]
    check('GRANTS_LOST' not in whole and 'procedure p' in whole, 'replaced: who compares grants loses none: ' + whole)
    t.sql(plan, A)
    lost = set(was.split('\n')) - set(t.sql('SHOW GRANTS FOR ' + APP).split('\n'))
    check(len(lost) == (0 if t.mariadb else 2) and all('EXECUTE' in x for x in lost), 'replaced: lost is %s' % lost)


def missing(t):
    """A GRANT to an account that is not there fails and makes none; the proof on a named server is refused."""
    for name, db in (('a.json', A), ('b.json', B)):
        t.snap('snapshot', t.url(db), '-o', name, '--exclude', 'grant:DATABASE*')
    t.sql('DROP USER %s; CREATE DATABASE IF NOT EXISTS %s' % (APP, A))
    t.says('missing: changelog', ['changelog', 'a.json', 'b.json', '--no-verify', '-o', 'plan.sql'], 0)
    with open(os.path.join(t.folder, 'plan.sql'), encoding='utf8') as f:
        err = t.sql("SET SESSION sql_mode = '';\n" + f.read(), A, fails=True)
    check('1133' in err or '1410' in err, 'missing: the server refuses: ' + err)
    check(not t.sql("SELECT user FROM mysql.user WHERE user = '%s'" % APP), 'missing: an account was made')
    t.write('snap.yml', 'scratch: { mysql: "mysql://root@%s/mysql" }\n' % t.at)
    t.says('missing: proof', ['changelog', 'a.json', 'b.json', '-o', 'no.sql'], 3, err='has no account')
    check(not t.sql("SELECT user FROM mysql.user WHERE user = '%s'" % APP), 'missing: the proof made an account')
    t.sql('CREATE USER %s' % APP)
    t.says('there: proof', ['changelog', 'a.json', 'b.json', '-o', 'yes.sql'], 0, err='proof')


def patterns(t):
    """What is granted on other names too is named, and neither compared nor planned."""
    t.sql(r"GRANT DELETE ON `snap\_test\_g%%`.* TO %s; GRANT UPDATE ON `snap\_test\_ga%%`.* TO %s" % (APP, APP))
    _, out, _ = t.snap('snapshot', t.url(A))
    named = [x for x in json.loads(out)['ledger'] if x['kind'] == 'grant']
    check(len(named) == 2 and all(APP in x['name'] for x in named), 'patterns: %s' % named)
    _, out, _ = t.says('patterns: diff', ['diff', t.url(A), t.url(B), '--exclude', 'grant:TABLE*'], 0)
    t.says('patterns: from nothing', ['changelog', 'empty', t.url(A), '--no-verify', '-o', 'all.sql'], 0)
    text = open(os.path.join(t.folder, 'all.sql')).read()
    check('DELETE' not in text and 'UPDATE' not in text, 'patterns: planned: ' + text)


def scripts(t):
    """Of a script counts what it grants in its own database; accounts are not made on a named server."""
    table = 'CREATE TABLE t (a int);\n'
    t.write('none.sql', table)
    t.write('app.sql', 'CREATE DATABASE app; USE app;\n%sCREATE USER snap_test_new;\nGRANT SELECT ON app.* TO %s;\n'
            'GRANT SELECT, INSERT ON `app`.t TO %s;\nGRANT SELECT ON %s.t TO %s;\nGRANT DELETE ON *.* TO %s;\n'
            % (table, APP, APP, B, APP, APP))
    _, out, _ = t.says('script: diff', ['diff', 'mysql:app.sql', t.url(B)], 1, out='DATABASE TO')
    check('TABLE' not in out.replace(ROLE, ''), 'script: the same on the table: ' + out)
    check(not t.sql("SELECT user FROM mysql.user WHERE user = 'snap_test_new'"), 'script: an account was made')
    check('DELETE' not in t.sql('SHOW GRANTS FOR ' + APP).split('\n')[0], 'script: the whole server was granted')
    t.says('script without grants', ['diff', 'mysql:none.sql', t.url(A)], 0, err='the script grants nothing')
    t.says('script without grants, acl', ['diff', 'mysql:none.sql', t.url(A), '--facets', '+acl'], 3, err='FACET_MISSING')
    t.says('two scripts without', ['diff', 'mysql:none.sql', 'empty'], 1)
    check('acl' not in t.snap('diff', 'mysql:none.sql', 'empty')[2], 'nothing to say where nobody grants')
    t.write('lost.sql', table + 'GRANT SELECT ON t TO snap_test_nobody;\n')
    t.says('script: nobody', ['diff', 'mysql:lost.sql', t.url(A)], 3, err='lacks an account')


def main():
    args = sys.argv[1:]
    urls = [args.pop(args.index('--server') + 1)] if '--server' in args else \
        [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    for url in urls:
        with tempfile.TemporaryDirectory(prefix='snap-grants-') as folder:
            t = Test(os.path.abspath(args[0]), url, folder)
            for part in (weak, replaced, missing, patterns, scripts):
                if part is not scripts:
                    t.make()
                part(t)
            t.clean()
    print('mysql grants: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED or not CHECKS else 0)


main()
