#!/usr/bin/env python3
"""One DDL on MySQL and on MariaDB, on two versions of MariaDB, is one schema, and what really differs is
seen.

usage: mysql_same.py SNAP [URL URL]

Without URLs, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers. mysql_same.sql beside
this file (every type, keys, constraints, partitions, views, programs) runs on both: a diff says same,
either way, and there is nothing to plan. Then each of CHANGES is made on one server at a time and must
be seen.
"""
import os
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = 'snap_test_same'
FAILED = CHECKS = 0
# the collations that a session has where none is named are another fact in each version
SESSION = "/*M!110500 SET character_set_collations = '' */; SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;\n"
# a statement, one that takes it back, and what the diff names then
CHANGES = [
    ('ALTER TABLE t_int MODIFY d bigint NOT NULL DEFAULT 5', 'ALTER TABLE t_int MODIFY d int NOT NULL DEFAULT 5',
     'column  d'),
    ('ALTER TABLE t_int ALTER d SET DEFAULT 6', 'ALTER TABLE t_int ALTER d SET DEFAULT 5', 'column  d'),
    ("ALTER TABLE t_text MODIFY a char(3) DEFAULT NULL", "ALTER TABLE t_text MODIFY a char(3) DEFAULT ''",
     'column  a'),
    ('ALTER TABLE t_text MODIFY g varchar(5) COLLATE utf8mb4_general_ci',
     'ALTER TABLE t_text MODIFY g varchar(5) COLLATE utf8mb4_bin', 'column  g'),
    ('ALTER TABLE t_exp MODIFY e int AS ((d + 2) * 1) VIRTUAL', 'ALTER TABLE t_exp MODIFY e int AS (d * 2 + 1) VIRTUAL',
     'column  e'),
    ('ALTER TABLE t_chk DROP CONSTRAINT cb, ADD CONSTRAINT cb CHECK (b < 11)',
     "ALTER TABLE t_chk DROP CONSTRAINT cb, ADD CONSTRAINT cb CHECK (b < 10 and c <> 'x')", 'check  cb'),
    ('ALTER TABLE t_json MODIFY a longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'ALTER TABLE t_json MODIFY a json',
     'column  a'),
    ('ALTER TABLE t_key ADD KEY kn (b, a)', 'ALTER TABLE t_key DROP KEY kn', 'index'),
    ('ALTER TABLE t_opt COLLATE utf8mb4_bin', 'ALTER TABLE t_opt COLLATE utf8mb4_general_ci', 'table t_opt'),
    ('CREATE OR REPLACE VIEW v1 AS SELECT a, b - 1 AS c, count(*) AS n FROM p1 WHERE b > 3 GROUP BY a, b',
     'CREATE OR REPLACE VIEW v1 AS SELECT a, b + 1 AS c, count(*) AS n FROM p1 WHERE b > 3 GROUP BY a, b', 'view v1'),
    ('ALTER TABLE t_part DROP PARTITION p1', 'ALTER TABLE t_part ADD PARTITION (PARTITION p1 VALUES LESS THAN MAXVALUE)',
     'table t_part'),
    ('DROP TRIGGER tr2', "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'; "
     "/*M! SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_CREATE_USER') */; "
     'CREATE TRIGGER tr2 BEFORE INSERT ON p1 FOR EACH ROW SET NEW.b = 2', 'trigger'),
]


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


class Server:
    def __init__(self, url):
        at = urllib.parse.urlsplit(url)
        self.url = '%s://%s/%s' % (at.scheme, at.netloc, NAME)
        self.client = ['mariadb', '--no-defaults', '--ssl=0', '--binary-mode', '--default-character-set=utf8mb4',
                       '-h%s' % at.hostname, '-P%d' % (at.port or 3306), '-u%s' % (at.username or 'root')]

    def run(self, sql, database=None):
        r = subprocess.run(self.client + ([database] if database else []), input=SESSION + sql, capture_output=True, text=True)
        if r.returncode:
            sys.exit('mysql_same: %s: %s' % (self.url, r.stderr))


def snap(*words):
    r = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, env=dict(os.environ, NO_COLOR='1'))
    return r.returncode, r.stdout + r.stderr


def from_nothing(one, other):
    """An empty database of one server becomes what the other has."""
    one.run('DROP DATABASE %s; CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci' % (NAME, NAME))
    with tempfile.NamedTemporaryFile('r', encoding='utf-8') as f:
        with tempfile.NamedTemporaryFile('w', suffix='.yml', encoding='utf-8') as config:
            config.write('scratch: { mysql: "%s" }\n' % one.url)
            config.flush()
            rc, text = snap('changelog', one.url, other.url, '--format', 'sql', '-o', f.name, '--config', config.name)
        check(rc == 0 and 'proof: ' in text, 'no proven plan: %s' % text)
        with open(f.name, encoding='utf-8') as script:
            one.run(script.read(), NAME)
    rc, text = snap('diff', one.url, other.url)
    check(rc == 0, '%s made of %s differs: %s' % (one.url, other.url, text))


def as_script(server, ddl):
    """What a dump of one database says is that database; of two, it is refused."""
    head = 'CREATE DATABASE /*!32312 IF NOT EXISTS*/ `x` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE ' \
        'utf8mb4_general_ci */;\n\nUSE `x`;\n'
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (('one.sql', head + SESSION + ddl), ('two.sql', head + 'USE y;\n' + ddl),
                           ('snap.yml', 'scratch: { mysql: "%s" }\n' % server.url)):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
                f.write(text)
        config = ['--config', os.path.join(folder, 'snap.yml')]
        rc, text = snap('diff', server.url, 'mysql:' + os.path.join(folder, 'one.sql'), *config)
        check(rc == 0, '%s and its script differ: %s' % (server.url, text))
        rc, text = snap('snapshot', 'mysql:' + os.path.join(folder, 'two.sql'), *config)
        check(rc > 1 and 'line 4: the script holds a second database, y' in text, 'two databases: %s' % text)


def main():
    urls = sys.argv[2:4] or [os.environ['SNAP_TEST_MYSQL_URL'], os.environ['SNAP_TEST_MARIADB_URL']]
    servers = [Server(u) for u in urls]
    with open(os.path.join(HERE, 'mysql_same.sql'), encoding='utf-8') as f:
        ddl = f.read()
    for s in servers:
        s.run('DROP DATABASE IF EXISTS %s; CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci'
              % (NAME, NAME))
        s.run(ddl, NAME)
    for one, other in (servers, servers[::-1]):
        rc, text = snap('diff', one.url, other.url)
        check(rc == 0, '%s and %s differ: %s' % (one.url, other.url, text))
        rc, text = snap('changelog', one.url, other.url, '--format', 'sql', '--no-verify', '-o', os.devnull)
        check(rc == 0 and '0 changes' in text, 'a plan of nothing: %s' % text)
        for there, back, seen in CHANGES:
            one.run(there, NAME)
            rc, text = snap('diff', one.url, other.url)
            check(rc == 1 and seen in text and '1 change in 1 object' in text,
                  '%s on %s: %s' % (there, one.url, text))
            one.run(back, NAME)
        rc, text = snap('diff', one.url, other.url)
        check(rc == 0, 'all is taken back, and they differ: %s' % text)
    for s in servers:
        as_script(s, ddl)
    for one, other in (servers, servers[::-1]):
        from_nothing(one, other)
    for s in servers:
        s.run('DROP DATABASE %s' % NAME)
    print('%d checks, %d failed' % (CHECKS, FAILED))
    return 1 if FAILED else 0


sys.exit(main())
