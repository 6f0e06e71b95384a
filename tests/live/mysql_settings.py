#!/usr/bin/env python3
"""A proof on the private server runs under the settings of the server that the changes are for: each case sets one
there, and verifies a script that only that setting lets pass, or stops. The servers are SNAP_TEST_MYSQL_URL and
SNAP_TEST_MARIADB_URL; servers of its own have lower_case_table_names=1. usage: mysql_settings.py SNAP [--only REGEX]"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

from ports import free_port

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
BOTH, MYSQL, MARIADB = ('MYSQL', 'MARIADB'), ('MYSQL',), ('MARIADB',)
DEFAULT_MODE = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'
T = 'CREATE TABLE t (id int PRIMARY KEY, s varchar(255)) CHARSET=utf8mb4;'
N, DROP_N = 'CREATE TABLE n (a int);', 'DROP TABLE n;'

# servers, setting, its value, from, up, down, whether the proof holds
CASES = [
    (BOTH, 'sql_mode', "'ANSI_QUOTES,%s'" % DEFAULT_MODE, T, 'ALTER TABLE "t" ADD "b" int;',
     'ALTER TABLE "t" DROP COLUMN "b";', True),
    (BOTH, 'sql_mode', "'%s'" % DEFAULT_MODE, T, 'ALTER TABLE "t" ADD "b" int;', 'ALTER TABLE "t" DROP COLUMN "b";',
     False),
    (BOTH, 'sql_mode', "''", T, "ALTER TABLE t ADD d date NOT NULL DEFAULT '0000-00-00';", 'ALTER TABLE t DROP COLUMN d;',
     True),
    (BOTH, 'sql_mode', "'%s'" % DEFAULT_MODE, T, "ALTER TABLE t ADD d date NOT NULL DEFAULT '0000-00-00';",
     'ALTER TABLE t DROP COLUMN d;', False),
    (BOTH, 'explicit_defaults_for_timestamp', 'OFF', T, 'CREATE TABLE n (a timestamp);', DROP_N, True),
    (BOTH, 'default_storage_engine', 'MyISAM', T, N, DROP_N, True),
    (BOTH, 'innodb_default_row_format', 'compact', T, 'ALTER TABLE t ADD KEY k (s);', 'ALTER TABLE t DROP KEY k;', False),
    (BOTH, 'innodb_strict_mode', 'OFF', T + 'SET SESSION innodb_strict_mode = OFF; CREATE TABLE m (a int)'
     ' ROW_FORMAT=DYNAMIC KEY_BLOCK_SIZE=8;', 'CREATE TABLE n (a int) ROW_FORMAT=DYNAMIC KEY_BLOCK_SIZE=8;', DROP_N, True),
    (MYSQL, 'default_collation_for_utf8mb4', 'utf8mb4_general_ci', T, 'CREATE TABLE n (a text) CHARSET=utf8mb4;',
     DROP_N, True),
    (MYSQL, 'sql_require_primary_key', 'ON', 'CREATE TABLE old (a int);', N, DROP_N, False),
    (MYSQL, 'sql_generate_invisible_primary_key', 'ON', T, N, DROP_N, True),
]
FAILED = CHECKS = 0


def check(ok, text):
    global FAILED, CHECKS
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


class Server:
    def __init__(self, url):
        parts = urlsplit(url)
        self.url = url.rstrip('/')
        self.argv = ['mariadb', '--no-defaults', '--ssl=0', '-N', '-h' + parts.hostname, '-P%d' % parts.port, '-uroot']

    def sql(self, text, database=''):
        r = subprocess.run(self.argv + [database], input=text, text=True, stdout=subprocess.PIPE)
        if r.returncode:
            sys.exit('mysql_settings: %s' % text)
        return r.stdout.strip()

    def verify(self, snap, begin, up, down):
        """The exit status of the proof of a script, whose end is what the server itself makes of it."""
        for name, text in (('settings_a', begin), ('settings_b', begin + up)):
            self.sql('DROP DATABASE IF EXISTS %s; CREATE DATABASE %s CHARACTER SET utf8mb4' % (name, name))
            r = subprocess.run(self.argv + [name], input=text, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        to = ['--to', self.url + '/settings_b'] if r.returncode == 0 else []
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (('up.sql', up), ('down.sql', down), ('snap.yml', 'scratch: { mysql: auto }\n')):
                with open(os.path.join(folder, name), 'w') as f:
                    f.write(text)
            r = subprocess.run([snap, 'verify', 'up.sql', '--rollback', 'down.sql', '--from', self.url + '/settings_a', *to],
                               cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for name in ('settings_a', 'settings_b'):
            self.sql('DROP DATABASE ' + name)
        return r.returncode, r.stdout.strip(), bool(to)


def run_case(server, snap, name, case):
    _, setting, value, begin, up, down, holds = case
    was = server.sql('SELECT @@GLOBAL.%s' % setting)
    was = was if re.fullmatch('[0-9]+', was) else "'%s'" % was
    server.sql('SET GLOBAL %s = %s' % (setting, value))
    try:
        code, said, done = server.verify(snap, begin, up, down)
    finally:
        server.sql('SET GLOBAL %s = %s' % (setting, was))
    label = '%s, %s = %s: %s' % (name, setting, value, up)
    check(done == holds, '%s: the server itself %s it' % (label, 'does' if done else 'does not'))
    check(code == (0 if holds else 4), '%s: status %d: %s' % (label, code, said))


# what only a setting lets pass, both ways: a foreign key to nothing, zero dates, a history, a package, backslashes
ODD = ("CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int, d date DEFAULT '0000-00-00'%s, FOREIGN KEY (a) REFERENCES p (a));"
       "/*M! ALTER TABLE c ADD SYSTEM VERSIONING */;\nDELIMITER $$\n/*M! SET sql_mode = 'ORACLE' */ $$\n"
       "/*M! CREATE PACKAGE pack AS PROCEDURE x; END */ $$\nDELIMITER ;\n SET foreign_key_checks = 0; %s;")


def put_back(server, snap, name):
    """Whoever runs a script finds the session as it was, however it was."""
    for db, more, end in (('a', '', 'DROP TABLE p'), ('b', r" COMMENT '\\'", 'DROP TABLE IF EXISTS nothing')):
        server.sql('DROP DATABASE IF EXISTS settings_%s; CREATE DATABASE settings_%s' % (db, db))
        server.sql("SET sql_mode = ''; " + ODD % (more, end), 'settings_' + db)
    a, b = (server.url + '/settings_' + x for x in 'ab')
    odd = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_BACKSLASH_ESCAPES', foreign_key_checks = 0, time_zone = '+03:00';\n" \
          '/*M! SET system_versioning_alter_history = KEEP */;\n'
    shown = "SHOW SESSION VARIABLES WHERE variable_name NOT IN ('timestamp', 'statement_id', 'last_insert_id', 'pseudo_thread_id');\nSELECT '--';\n"
    plans = [(db, subprocess.run([snap, 'changelog', *sides, '--no-verify', '--allow-lossy', '--format', 'sql', '--quiet'], stdout=subprocess.PIPE, text=True).stdout)
             for db, sides in (('a', (a, b)), ('b', (b, a)), ('new', ('empty', a)))]
    for db, plan in plans:
        server.sql('CREATE DATABASE IF NOT EXISTS settings_' + db)
        found = [x.strip().split('\n') for x in server.sql(odd + shown + plan + shown, 'settings_' + db).split('\n--')]
        check(len(found) == 3 and 'SET SESSION' in plan, '%s, put back, %s: nothing is set:\n%s' % (name, db, plan))
        check(sorted(found[0]) == sorted(found[1]), '%s, put back, %s: %s' % (name, db, sorted(set(found[0]) ^ set(found[1]))))
    server.sql(''.join('DROP DATABASE settings_%s;' % db for db, _ in plans))


def folded(snap, name):
    """Names of tables in a script are folded as there."""
    folder = tempfile.mkdtemp() + '/server'
    os.chmod(os.path.dirname(folder), 0o755)
    url = subprocess.check_output([ROOT + '/tests/servers', name.lower(), folder, str(free_port()), '--lower-case-table-names=1'],
                                  text=True).strip()
    try:
        code, said, _ = Server(url).verify(snap, T, 'ALTER TABLE T ADD b int; CREATE TABLE N (a int);',
                                           'DROP TABLE N; ALTER TABLE T DROP COLUMN b;')
        check(code == 0, '%s, lower_case_table_names = 1: status %d: %s' % (name, code, said))
    finally:
        subprocess.run([ROOT + '/tests/servers', 'stop', folder])
        shutil.rmtree(os.path.dirname(folder))


def main():
    snap = os.path.abspath(sys.argv[1])
    only = sys.argv[sys.argv.index('--only') + 1] if '--only' in sys.argv else ''
    for name in BOTH:
        server = Server(os.environ['SNAP_TEST_%s_URL' % name])
        for case in CASES:
            if name in case[0] and re.search(only, case[1]):
                run_case(server, snap, name, case)
        if re.search(only, 'put back'):
            put_back(server, snap, name)
        if re.search(only, 'lower_case_table_names'):
            folded(snap, name)
    print('mysql settings: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


if __name__ == '__main__':
    main()
