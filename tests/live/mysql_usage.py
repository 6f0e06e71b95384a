#!/usr/bin/env python3
"""What a user types against MySQL and MariaDB: environments, snapshots, authoring, renames, drift.

usage: mysql_usage.py SNAP      SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers. The last line counts.
"""
import os
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

SNAP = os.path.abspath(sys.argv[1])
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith('SNAP_') or k == 'SNAP_MYSQL_BIN'}
COUNT = {'checks': 0, 'failed': 0}
NAMES = ('prod', 'dev', 'new')

SHOP = '''
CREATE TABLE customers (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL, KEY (name));
CREATE TABLE orders (id int PRIMARY KEY, customer int unsigned NOT NULL, total decimal(10,2) DEFAULT 0, note varchar(20),
  CONSTRAINT who FOREIGN KEY (customer) REFERENCES customers (id));
CREATE VIEW open_orders AS SELECT id, total FROM orders;
INSERT INTO customers VALUES (1, 'ann');
INSERT INTO orders VALUES (1, 1, 5, 'x');
'''
CHANGE = '''
ALTER TABLE customers ADD COLUMN born date AFTER id, DROP KEY name, ADD UNIQUE KEY name (name);
ALTER TABLE orders RENAME COLUMN note TO remark, ADD CHECK (total >= 0);
CREATE TABLE refunds (id bigint PRIMARY KEY, `of` int, FOREIGN KEY (`of`) REFERENCES orders (id));
CREATE OR REPLACE VIEW open_orders AS SELECT id, total FROM orders WHERE total > 1;
CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = coalesce(NEW.total, 0);
'''
# names that go round, and what MySQL makes anew only beside them
BEFORE = '''
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, g int AS (a + b) VIRTUAL, s int AS (a * 2) STORED,
  CONSTRAINT positive CHECK (a > 0));
CREATE TABLE one (i int); CREATE TABLE two (i int, j int);
INSERT INTO t (id, a, b, c) VALUES (1, 2, 3, 4); INSERT INTO one VALUES (1); INSERT INTO two VALUES (2, 2);
'''
AFTER = '''
CREATE TABLE t (id int PRIMARY KEY, b int, a int, d int, g int AS (b + a) VIRTUAL, s int AS (b * 2) STORED,
  CONSTRAINT positive CHECK (b > 0));
CREATE TABLE two (i int); CREATE TABLE three (i int, j int);
'''
ONLY_MYSQL = 'ALTER TABLE t ADD KEY k ((%s + 1)), ADD COLUMN e int DEFAULT (%s + 1);'
ROUND = '--rename t.a=b --rename t.b=a --rename t.c=d --rename one=two --rename two=three'


def say(bad, text):
    COUNT['checks'] += 1
    if bad:
        COUNT['failed'] += 1
        print('FAILED: ' + text)


def client(url, text, db=''):
    at = urlsplit(url)
    r = subprocess.run(['mariadb', '--no-defaults', '--ssl=0', '--binary-mode', '-N', '-h', at.hostname, '-P', str(at.port),
                        '-u', at.username, db], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
    if r.returncode:
        sys.exit('%s\n%s' % (text, r.stderr))
    return r.stdout


def row(args, code, *words, absent=()):
    """One command line: its exit status, and words that both outputs together hold."""
    r = subprocess.run([SNAP] + args.split(' '), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN,
                       stdin=subprocess.DEVNULL, timeout=120, encoding='utf8', errors='replace')
    text = r.stdout + r.stderr
    wrong = ['exit %d, wanted %d' % (r.returncode, code)] if r.returncode != code else []
    wrong += ['<%s> is missing' % w for w in words if w not in text]
    wrong += ['<%s> is there' % w for w in absent if w in text]
    say(wrong, 'snap %s: %s\n%s' % (args, '; '.join(wrong), text))
    return text


def again(url, **schemas):
    for name in NAMES:
        client(url, 'DROP DATABASE IF EXISTS snap_usage_%s; CREATE DATABASE snap_usage_%s' % (name, name))
        client(url, schemas.get(name, ''), 'snap_usage_' + name)


def read(name):
    with open(name, encoding='utf8') as f:
        return f.read()


def authoring(url):
    again(url, prod=SHOP, dev=SHOP + CHANGE, new=SHOP)
    row('diff prod dev', 1, '+ column', 'born', '+ table refunds', 'perhaps renamed from note')
    row('diff prod prod', 0, 'the same')
    row('snapshot prod -o prod.json', 0)
    row('snapshot dev -o dev.json', 0)
    row('diff prod.json dev', 1)
    row('diff dev.json dev', 0, 'the same')
    row('diff-changelog --url prod --reference-url offline:mysql?snapshot=dev.json --author ana --label-filter T-1 '
        '--changelog-file diff.yaml', 0, 'proof: ')
    row('changelog prod dev --rename orders.note=remark -o up.sql --rollback-output down.sql', 0, 'proof: ', absent=['loses'])
    for text in (read('up.sql'), read('down.sql')):
        say('TRANSACTION' in text or 'COMMIT' in text, 'a transaction, though DDL ends it:\n' + text)
    row('verify up.sql --rollback down.sql --from prod --to dev', 0, 'reaches dev')
    row('verify diff.yaml --from prod --to dev', 0, 'reaches dev')
    row('verify diff.yaml --from dev', 4, 'VERIFY_FAILED')
    client(url, read('up.sql'), 'snap_usage_new')
    row('diff new dev', 0, 'the same')
    client(url, read('down.sql'), 'snap_usage_new')
    row('diff new prod', 0, 'the same')
    row('changelog empty dev -o all.yaml', 0, 'proof: ')
    row('changelog dev empty -o nothing.yaml', 0, 'proof: ', 'lose data')
    row('changelog prod prod -o none.yaml', 0, '0 changes')


def scripts(url):
    """What a script does not say is as on the server that it is compared with."""
    text = SHOP.replace("INSERT", "-- INSERT")
    again(url, prod='ALTER DATABASE snap_usage_prod CHARACTER SET latin1 COLLATE latin1_german1_ci;' + text)
    with open('shop.sql', 'w') as f:
        f.write(text)
    row('diff shop.sql prod', 0, 'the same')
    row('diff prod shop.sql', 0, 'the same')
    row('snapshot prod -o prod.json', 0)
    row('diff shop.sql prod.json', 0, 'the same')
    with open('shop.sql', 'a') as f:
        f.write('ALTER TABLE orders ADD COLUMN more text;\n')
    row('changelog prod shop.sql -o more.sql', 0, 'proof: ')
    say('ADD COLUMN `more` text' not in read('more.sql') or 'latin1' in read('more.sql'), read('more.sql'))


def renaming(url, mariadb):
    more = '' if mariadb else ONLY_MYSQL
    again(url, prod=BEFORE + more.replace('%s', 'a'), dev=AFTER + more.replace('%s', 'b'))
    row('diff prod dev ' + ROUND, 1, 't.a renamed to b', 't.b renamed to a', 'two renamed to three', '5 renames', absent=['swap'])
    row('changelog prod dev %s -o up.sql --rollback-output down.sql' % ROUND, 0, 'proof: ', absent=['loses'])
    row('explain prod dev --probe ' + ROUND, 0, 'probe: as foretold', 'ALGORITHM=%s' % ('INSTANT' if mariadb else 'COPY'))
    rows = 'SELECT * FROM t; SELECT * FROM %s; SELECT * FROM %s'
    was = client(url, rows % ('one', 'two'), 'snap_usage_prod')
    client(url, read('up.sql'), 'snap_usage_prod')
    row('diff prod dev', 0, 'the same')
    now = client(url, rows % ('two', 'three'), 'snap_usage_prod')
    say(was != now, 'values of what is renamed: %s and %s' % (was, now))
    client(url, read('down.sql'), 'snap_usage_prod')
    again(url, new=BEFORE + more.replace('%s', 'a'), prod=BEFORE + more.replace('%s', 'a') + read('up.sql') + read('down.sql'))
    row('diff prod new', 0, 'the same')
    row('changelog prod new --rename t.a=b -o no.yaml', 3, 'UNSUPPORTED_CHANGE', 'renaming column t.a')


def drifting(url):
    again(url, prod=SHOP)
    row('snapshot prod -o prod.json', 0)
    say(row('drift prod --baseline prod.json', 0), 'a drift check that found nothing is not quiet')
    client(url, 'CREATE INDEX by_hand ON orders (total)', 'snap_usage_prod')
    row('drift prod --baseline prod.json', 1, 'by_hand')
    row('drift prod --baseline prod.json --update-baseline', 0)
    row('drift prod --baseline prod.json', 0)
    row('env test prod', 0, 'ok')
    row('env test gone', 5, 'snap_usage_gone')
    row('env grants prod', 0, 'GRANT SELECT', 'snap_usage_prod')


def main():
    urls = [os.environ[x].rstrip('/') for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')]
    with tempfile.TemporaryDirectory(prefix='snap-my-usage-') as folder:
        os.chdir(folder)
        for url in urls:
            with open('snap.yml', 'w') as f:
                f.write('version: 1\nscratch: {mysql: "%s/"}\nenvironments:\n' % url +
                        ''.join('  %s: {url: "%s/snap_usage_%s"}\n' % (n, url, n) for n in NAMES + ('gone',)))
            authoring(url)
            scripts(url)
            renaming(url, 'MariaDB' in client(url, 'SELECT VERSION()'))
            drifting(url)
            for n in NAMES:
                client(url, 'DROP DATABASE snap_usage_' + n)
        os.chdir('/')
    print('mysql usage: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return COUNT['failed'] > 0


if __name__ == '__main__':
    sys.exit(main())
