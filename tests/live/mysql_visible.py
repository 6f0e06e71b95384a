#!/usr/bin/env python3
"""What a role sees of a schema on MySQL and MariaDB: all of it, or HIDDEN with the grants that help.

usage: mysql_visible.py SNAP [--server URL]

Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers (root without password).

A schema with tables, views, triggers, routines and events (MariaDB: sequences and packages) is read by
roles with each set of grants below. Either the snapshot is root's, byte for byte, or snapshot, diff and
changelog end with 3 and name what is missing; with the grants that the hint names the role sees all.
"""
import os
import re
import subprocess
import sys

DB, ROLE, OTHER = 'snap_test_visible', 'snap_test_weak', 'snap_test_role'
ME = "%s@'%%'" % ROLE
CHECKS = FAILED = 0

SCHEMA = '''
CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int, FOREIGN KEY (a) REFERENCES t (a));
CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM u;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;
'''
MARIADB = '''
CREATE SEQUENCE s; SET sql_mode = ORACLE;
DELIMITER //
CREATE PACKAGE k AS FUNCTION x RETURN int; END; //
CREATE PACKAGE BODY k AS FUNCTION x RETURN int AS BEGIN RETURN 1; END; END; //
DELIMITER ;
'''
FOUR = 'SELECT, SHOW VIEW, TRIGGER, EVENT'
# Routines by the grant that shows all of their texts.
TEXTS = {'mysql': 'GRANT SHOW_ROUTINE ON *.* TO %s', 'mariadb': 'GRANT SELECT ON mysql.proc TO %s'}

# name, grants ($ROUTINES: TEXTS), what is said to be missing (None: nothing; *: all, and there may be no door either), server
# (new: with SHOW CREATE ROUTINE, MariaDB 11.3 and later)
CASES = [
    ('one table', 'GRANT SELECT ON $DB.t TO $ME', [FOUR, '$ROUTINES'], ''),
    ('all tables, by name', 'GRANT SELECT ON $DB.t TO $ME; GRANT SELECT ON $DB.u TO $ME; $ROUTINES', [FOUR], ''),
    ('columns', 'GRANT SELECT (a), INSERT (a) ON $DB.t TO $ME; $ROUTINES', [FOUR], ''),
    ('columns, and the rest', 'GRANT SELECT (a) ON $DB.t TO $ME; GRANT SHOW VIEW, TRIGGER, EVENT ON $DB.* TO $ME; $ROUTINES',
     ['SELECT ON'], ''),
    ('no table', 'GRANT SHOW VIEW, TRIGGER, EVENT ON $DB.* TO $ME; $ROUTINES', ['SELECT ON'], ''),
    ('no view', 'GRANT SELECT, TRIGGER, EVENT ON $DB.* TO $ME; $ROUTINES', ['GRANT SHOW VIEW ON'], ''),
    ('no trigger', 'GRANT SELECT, SHOW VIEW, EVENT ON $DB.* TO $ME; $ROUTINES', ['GRANT TRIGGER ON'], ''),
    ('no event', 'GRANT SELECT, SHOW VIEW, TRIGGER ON $DB.* TO $ME; $ROUTINES', ['GRANT EVENT ON'], ''),
    ('no routine', 'GRANT $FOUR ON $DB.* TO $ME', ['$ROUTINES'], ''),
    ('the list of routines', 'GRANT $FOUR, EXECUTE ON $DB.* TO $ME', ['$ROUTINES'], ''),
    ('one routine', 'GRANT $FOUR ON $DB.* TO $ME; GRANT EXECUTE ON PROCEDURE $DB.p TO $ME', ['$ROUTINES'], ''),
    ('all of the database', 'GRANT ALL ON $DB.* TO $ME', ['$ROUTINES'], 'old'),
    ('all of the database', 'GRANT ALL ON $DB.* TO $ME', None, 'new'),
    ('texts of routines', 'GRANT $FOUR, SHOW CREATE ROUTINE ON $DB.* TO $ME', None, 'new'),
    ('all of another database', 'GRANT ALL ON snap_test_visibl.* TO $ME; $ROUTINES', ['*'], ''),
    ('the tables of mysql', 'GRANT $FOUR ON $DB.* TO $ME; GRANT SELECT ON mysql.* TO $ME', ['$ROUTINES'], 'mysql'),
    ('the tables of mysql', 'GRANT $FOUR ON $DB.* TO $ME; GRANT SELECT ON mysql.* TO $ME', None, 'mariadb'),
    ('just enough', 'GRANT $FOUR ON $DB.* TO $ME; $ROUTINES', None, ''),
    ('everywhere', 'GRANT $FOUR ON *.* TO $ME', None, ''),
    ('everything', 'GRANT ALL ON *.* TO $ME', None, ''),
    ('in two grants', 'GRANT SELECT, EVENT ON *.* TO $ME; GRANT SHOW VIEW, TRIGGER ON $DB.* TO $ME', None, ''),
    ('a pattern', r'GRANT $FOUR ON `snap\_test\_vis%`.* TO $ME; $ROUTINES', None, ''),
    ('a pattern of one', r'GRANT $FOUR ON `snap_test_visibl_`.* TO $ME; $ROUTINES', None, ''),
    ('an escaped name', r'GRANT $FOUR ON `snap\_test\_visible`.* TO $ME; $ROUTINES', None, ''),
    ('a pattern of others', r'GRANT $FOUR ON `snap\_test\_vis%e\%`.* TO $ME; $ROUTINES', ['*'], ''),
    ('a pattern with less', r'GRANT SELECT, SHOW VIEW ON `snap\_test\_vis%`.* TO $ME; $ROUTINES', [FOUR], ''),
    ('a name before a pattern', r'GRANT $FOUR ON `snap%`.* TO $ME; GRANT SELECT ON `snap\_test\_visible`.* TO $ME; $ROUTINES',
     [FOUR], ''),
    ('a role', 'CREATE ROLE $R; GRANT $FOUR ON $DB.* TO $R; GRANT $R TO $ME; $DEFAULT; $RROUTINES', None, ''),
    ('a role of a role', 'CREATE ROLE $R; CREATE ROLE $R2; GRANT $FOUR ON $DB.* TO $R2; GRANT $R2 TO $R; GRANT $R TO $ME; '
     '$DEFAULT; $RROUTINES', None, ''),
    ('a role and the user', 'CREATE ROLE $R; GRANT SELECT, EVENT ON $DB.* TO $R; GRANT $R TO $ME; $DEFAULT; $RROUTINES; '
     'GRANT SHOW VIEW, TRIGGER ON $DB.* TO $ME', None, ''),
    ('a role that is not active', 'CREATE ROLE $R; GRANT $FOUR ON $DB.* TO $R; GRANT $R TO $ME; $RROUTINES', ['*'], ''),
    ('a role with less', 'CREATE ROLE $R; GRANT SELECT, TRIGGER ON $DB.* TO $R; GRANT $R TO $ME; $DEFAULT; $RROUTINES',
     ['GRANT SHOW VIEW, EVENT ON'], ''),
    ('partial revokes', 'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON *.* TO $ME; REVOKE TRIGGER ON $DB.* FROM $ME',
     ['GRANT TRIGGER ON'], 'mysql'),
    ('partial revokes of tables', 'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON *.* TO $ME; REVOKE SELECT ON $DB.* FROM $ME',
     ['GRANT SELECT ON', '$ROUTINES'], 'mysql'),
    ('partial revokes elsewhere', 'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON *.* TO $ME; REVOKE SELECT ON mysql.* FROM $ME',
     None, 'mysql'),
    ('partial revokes, and a grant', 'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON *.* TO $ME; REVOKE EVENT ON $DB.* FROM $ME; '
     'GRANT EVENT ON $DB.* TO $ME', None, 'mysql'),
    ('no patterns with partial revokes', 'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON `snap%`.* TO $ME; '
     'GRANT SELECT ON $DB.t TO $ME; $ROUTINES', [FOUR], 'mysql'),
    ('escaped names with partial revokes', r'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON `snap\_test\_visible`.* TO $ME; '
     'GRANT SELECT ON $DB.t TO $ME; $ROUTINES', [FOUR], 'mysql'),
    ('a name as a pattern', 'GRANT $FOUR ON `snap%`.* TO $ME; GRANT SELECT, SHOW VIEW ON $DB.* TO $ME; $ROUTINES', [FOUR], ''),
    ('a public role', 'GRANT $FOUR ON $DB.* TO PUBLIC; GRANT SELECT ON mysql.proc TO PUBLIC', None, 'mariadb'),
    ('names with partial revokes', r'SET GLOBAL partial_revokes = ON; GRANT $FOUR ON $DB.* TO $ME; $ROUTINES', None, 'mysql'),
]


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text, flush=True)
    return ok


class Server:
    def __init__(self, url):
        self.at = re.search(r'@([^/]*)', url).group(1)
        host, port = self.at.split(':')
        self.client = ['mariadb', '--no-defaults', '--skip-ssl', '-N', '-h', host, '-P', port, '-uroot']
        self.kind = 'mysql'
        self.kind = 'mariadb' if 'MariaDB' in self.sql('SELECT version()') else 'mysql'
        new = self.kind == 'mariadb' and 'SHOW CREATE ROUTINE' in self.sql('SHOW GRANTS; SHOW PRIVILEGES').upper()
        self.kinds = ('', self.kind, 'new' if new else 'old')
        self.whole, self.weak = ('mysql://%s@%s/%s' % (who, self.at, DB) for who in ('root', ROLE))

    def sql(self, text, db='', may_fail=False):
        r = subprocess.run(self.client + ([db] if db else []), input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
        if r.returncode and not may_fail:
            sys.exit('%s\n%s' % (text, r.stderr))
        return r.stdout

    def words(self, text):
        default = 'SET DEFAULT ROLE $R %s $ME' % ('FOR' if self.kind == 'mariadb' else 'TO')
        for name, to in (('DEFAULT', default), ('RROUTINES', TEXTS[self.kind] % '$R'), ('ROUTINES', TEXTS[self.kind] % '$ME'),
                         ('FOUR', FOUR), ('DB', DB), ('ME', ME), ('R2', OTHER + '2'), ('R', OTHER)):
            text = re.sub(r'\$%s\b' % name, lambda m: to, text)
        return text

    def drop_roles(self):
        self.sql('DROP USER IF EXISTS %s; DROP ROLE IF EXISTS %s; DROP ROLE IF EXISTS %s2' % (ME, OTHER, OTHER))
        if self.kind == 'mariadb':
            self.sql('REVOKE ALL ON %s.* FROM PUBLIC; REVOKE ALL ON mysql.proc FROM PUBLIC' % DB, may_fail=True)
        if self.kind == 'mysql':
            self.sql('SET GLOBAL partial_revokes = OFF')


def snap(program, *args):
    r = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding='utf8')
    return r.returncode, r.stdout, r.stderr


def one(program, server, name, grants, missing, want):
    name = '%s: %s' % (server.kind, name)
    server.drop_roles()
    server.sql('CREATE USER %s; ' % ME + server.words(grants))
    code, out, err = snap(program, 'snapshot', server.weak, '--facets', '-acl')
    if missing is None:
        check(code == 0 and out == want, '%s: %d %s' % (name, code, err))
        return
    if not check(code in (3, 5) and err.count('\n') == 2, '%s: %d %s' % (name, code, err)):
        return
    said = err.replace("'%s'@'%%'" % ROLE, ME).split('\n')
    if missing == ['*'] and err.startswith('snap: ACCESS_DENIED: '):
        check(code == 5 and not out and 'snap env grants' in err, '%s: %d %s' % (name, code, err))
        return
    check(code == 3 and said[0].startswith('snap: HIDDEN: ') and not out, '%s: %d %s%s' % (name, code, err, out))
    for word in missing if missing != ['*'] else []:
        check(server.words(word) in said[1], '%s: %r is not in %s' % (name, server.words(word), err))
    check(said[1].count('GRANT') == len(missing), '%s: %d grants: %s' % (name, len(missing), err))
    for command in (['diff', server.whole, server.weak], ['diff', server.weak, server.whole, '--quiet'], ['diff', server.weak, 'empty'],
                    ['changelog', server.weak, server.whole, '--no-verify', '-o', '-']):
        code, out, err = snap(program, *command)
        check(code == 3 and 'HIDDEN' in err and not out, '%s: %s: %d %s%s' % (name, command[0], code, err, out))
    server.sql(said[1])
    code, out, err = snap(program, 'snapshot', server.weak, '--facets', '-acl')
    check(code == 0 and out == want, '%s: with what the hint names: %s\n%s%d %s' %
          (name, said[1], server.sql('SHOW GRANTS FOR ' + ME), code, err))


def main():
    args = sys.argv[1:]
    urls = [args.pop(args.index('--server') + 1)] if '--server' in args else \
        [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    for server in [Server(x) for x in urls]:
        server.sql('DROP DATABASE IF EXISTS %s; CREATE DATABASE %s CHARACTER SET utf8mb4' % (DB, DB))
        server.sql(SCHEMA + (MARIADB if server.kind == 'mariadb' else ''), DB)
        code, want, err = snap(args[0], 'snapshot', server.whole, '--facets', '-acl')
        check(code == 0 and all(('"%s:' % k) in want.replace('"path":', '') for k in ('table', 'view', 'procedure', 'function', 'event')),
              'root: %d %s' % (code, err))
        for name, grants, missing, kind in CASES:
            if kind in server.kinds:
                one(args[0], server, name, grants, missing, want)
        server.drop_roles()
        server.sql('DROP DATABASE %s' % DB)
    print('mysql visible: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED or not CHECKS else 0)


main()
