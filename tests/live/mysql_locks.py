#!/usr/bin/env python3
"""ALGORITHM and LOCK on MySQL and MariaDB: for each form of change, what `snap explain` foretells and what its probe
finds out on a scratch database must be the same; what was measured by hand stands beside it.
usage: mysql_locks.py SNAP [--server URL] [--only REGEX] [--show]
[--share]: each row on one of the servers that it is for, in turn
Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers."""
import json
import os
import re
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

I, N, S, C = 'INSTANT', 'INPLACE, LOCK=NONE', 'INPLACE, LOCK=SHARED', 'COPY, LOCK=SHARED'
BASE = '''CREATE TABLE p (id int NOT NULL, PRIMARY KEY (id)) CHARSET=utf8mb4;
CREATE TABLE t (id int NOT NULL, a int NOT NULL DEFAULT 1, n int, s varchar(10), s60 varchar(60), d decimal(10,2),
  e enum('a','b'), c char(4), ts timestamp NULL, x text, PRIMARY KEY (id), KEY k_a (a), KEY k_n (n)) CHARSET=utf8mb4;
'''
VIRT = 'ALTER TABLE t ADD v int GENERATED ALWAYS AS (a + 1) VIRTUAL;'
FULL = 'ALTER TABLE t ADD FULLTEXT KEY ft (s60);'
FK = 'ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES p (id);'
PARTS = 'CREATE TABLE r (id int NOT NULL, a int, PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 2;'
RANGE = 'CREATE TABLE r (id int NOT NULL) PARTITION BY RANGE (id) (PARTITION p1 VALUES LESS THAN (100)%s);'
LISTS = 'CREATE TABLE r (id int NOT NULL) PARTITION BY LIST (id) (PARTITION p1 VALUES IN (1, 2)%s);'
HISTORY = 'CREATE TABLE r (id int) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME LIMIT 9 PARTITIONS %d;'
MYSQL, MARIADB = 'mysql', 'mariadb'
ALTER = 'ALTER TABLE t '

# name, what stands on both sides, from, to, (MySQL, MariaDB): way of the dearest statement; None: not there
ROWS = [
    ('add column last', '', '', ALTER + 'ADD q int', (I, I)),
    ('add column first', '', '', ALTER + 'ADD q int FIRST', (I, I)),
    ('add column between', '', '', ALTER + 'ADD q int AFTER id', (I, I)),
    ('add column between, virtual', VIRT, '', ALTER + 'ADD q int AFTER id', (I, C)),
    ('add column last, virtual', VIRT, '', ALTER + 'ADD q int', (I, I)),
    ('add column, fulltext', FULL, '', ALTER + 'ADD q int', (C, S)),
    ('add column between, fulltext', FULL, '', ALTER + 'ADD q int AFTER id', (C, S)),
    ('add column not null default', '', '', ALTER + 'ADD q int NOT NULL DEFAULT 5', (I, I)),
    ('add column not null', '', '', ALTER + 'ADD q int NOT NULL', (I, I)),
    ('add timestamp now', '', '', ALTER + 'ADD q timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP', (I, I)),
    ('add stored', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) STORED', (C, C)),
    ('add virtual', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL', (I, I)),
    ('add virtual between', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL AFTER id', (I, I)),
    ('add auto_increment', '', '', ALTER + 'ADD q int NOT NULL AUTO_INCREMENT UNIQUE', (S, S)),
    ('add column and index', '', '', ALTER + 'ADD q int, ADD KEY (q)', (N, N)),
    ('add virtual and index', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, ADD KEY (q)', (S, S)),
    ('add virtual and drop', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, DROP n', (C, N)),
    ('drop column', '', ALTER + 'ADD q int', '', (I, I)),
    ('drop stored', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) STORED', '', (I, I)),
    ('drop virtual', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL', '', (I, I)),
    ('add virtual between, virtual', VIRT, '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL AFTER id', (C, C)),
    ('add virtual and plain', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, ADD q2 int', (I, C)),
    ('add virtual, fulltext', FULL, '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL', (I, I)),
    ('add virtual and not null', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, MODIFY n int NOT NULL', (C, C)),
    ('drop virtual and index', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, ADD KEY (q)', '', (N, N)),
    ('drop virtual and plain', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, ADD q2 int', '', (I, I)),
    ('drop virtual before another', VIRT, ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL AFTER id', '', (N, I)),
    ('drop virtual, add plain', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL', ALTER + 'ADD q2 int', (C, C)),
    ('add virtual and other index', '', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, ADD KEY (s)', (N, N)),
    ('add virtual and comment', '', '', ALTER + "ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL, COMMENT='x'", (C, C)),
    ('drop virtual and comment', '', ALTER + 'ADD q int GENERATED ALWAYS AS (a * 2) VIRTUAL', ALTER + "MODIFY n int COMMENT 'x'",
     (I, C)),
    ('drop column, virtual', VIRT, '', ALTER + 'DROP d', (I, I)),
    ('move column, virtual', VIRT, '', ALTER + 'MODIFY a int NOT NULL DEFAULT 1 AFTER x', (N, I)),
    ('drop column, fulltext', FULL, '', ALTER + 'DROP d', (C, S)),
    ('move column, fulltext', FULL, '', ALTER + 'MODIFY a int NOT NULL DEFAULT 1 AFTER x', (C, S)),
    ('not null, fulltext', FULL, '', ALTER + 'MODIFY n int NOT NULL', (C, S)),
    ('primary key, fulltext', FULL, '', ALTER + 'DROP PRIMARY KEY, ADD PRIMARY KEY (a)', (C, S)),
    ('add column, drop fulltext', '', FULL, ALTER + 'ADD q int', (N, N)),
    ('add column and foreign index', '', '', ALTER + 'ADD q int, DROP KEY k_a', (N, N)),
    ('add column and default', '', '', ALTER + "ADD q int, MODIFY n int DEFAULT 4, ADD q3 int COMMENT 'x'", (I, I)),
    ('add column and comment', '', '', ALTER + "ADD q int, COMMENT='x'", (N, I)),
    ('add column and varchar', '', '', ALTER + "ADD q int, MODIFY s varchar(20)", (N, I)),
    ('drop column in index', '', ALTER + 'ADD q int, ADD KEY (q)', '', (N, N)),
    ('move column', '', '', ALTER + 'MODIFY a int NOT NULL DEFAULT 1 AFTER x', (N, I)),
    ('int to bigint', '', '', ALTER + 'MODIFY a bigint NOT NULL DEFAULT 1', (C, C)),
    ('int to unsigned', '', '', ALTER + 'MODIFY a int unsigned NOT NULL DEFAULT 1', (C, C)),
    ('not null', '', '', ALTER + 'MODIFY n int NOT NULL', (N, N)),
    ('null', '', '', ALTER + 'MODIFY a int DEFAULT 1', (N, N)),
    ('varchar wider', '', '', ALTER + 'MODIFY s varchar(20)', (N, I)),
    ('varchar over 255 bytes', '', '', ALTER + 'MODIFY s60 varchar(64)', (C, C)),
    ('varchar over 255 bytes of two', ALTER + 'ADD w varchar(127) CHARACTER SET sjis;', '', ALTER + 'MODIFY w varchar(128) CHARACTER SET sjis',
     (C, C)),
    ('varchar over 255 characters of two', ALTER + 'ADD w varchar(200) CHARACTER SET big5;', '',
     ALTER + 'MODIFY w varchar(300) CHARACTER SET big5', (N, I)),
    ('varchar over 255 bytes of four', ALTER + 'ADD w varchar(63) CHARACTER SET gb18030;', '',
     ALTER + 'MODIFY w varchar(64) CHARACTER SET gb18030', (C, None)),
    ('varchar narrower', '', '', ALTER + 'MODIFY s varchar(5)', (C, C)),
    ('varchar wider in index', ALTER + 'ADD KEY (s);', '', ALTER + 'MODIFY s varchar(20)', (N, I)),
    ('char wider', '', '', ALTER + 'MODIFY c char(8)', (C, C)),
    ('text to longtext', '', '', ALTER + 'MODIFY x longtext', (C, C)),
    ('decimal', '', '', ALTER + 'MODIFY d decimal(12,2)', (C, C)),
    ('enum append', '', '', ALTER + "MODIFY e enum('a','b','c')", (I, I)),
    ('enum middle', '', '', ALTER + "MODIFY e enum('a','c','b')", (C, C)),
    ('enum remove', '', '', ALTER + "MODIFY e enum('a')", (C, C)),
    ('default', '', '', ALTER + 'ALTER a SET DEFAULT 7', (I, I)),
    ('drop default', '', '', ALTER + 'ALTER a DROP DEFAULT', (I, I)),
    ('default and null', '', '', ALTER + 'MODIFY n int NOT NULL DEFAULT 3', (N, N)),
    ('on update', '', '', ALTER + 'MODIFY ts timestamp NULL ON UPDATE CURRENT_TIMESTAMP', (I, I)),
    ('comment', '', '', ALTER + "MODIFY n int COMMENT 'x'", (I, I)),
    ('invisible', '', '', ALTER + 'MODIFY n int INVISIBLE', (I, I)),
    ('column charset', '', '', ALTER + 'MODIFY s varchar(10) CHARACTER SET latin1', (C, C)),
    ('column charset to utf8mb4', '', ALTER + 'MODIFY s varchar(10) CHARACTER SET utf8mb3', '', (N, I)),
    ('column collation', '', '', ALTER + 'MODIFY s varchar(10) COLLATE utf8mb4_bin', (N, I)),
    ('indexed column collation', ALTER + 'ADD KEY (s);', '', ALTER + 'MODIFY s varchar(10) COLLATE utf8mb4_bin', (C, N)),
    ('text collation', '', '', ALTER + 'MODIFY x text COLLATE utf8mb4_bin', (N, I)),
    ('char collation', '', '', ALTER + 'MODIFY c char(4) COLLATE utf8mb4_bin', (N, I)),
    ('enum collation', '', '', ALTER + "MODIFY e enum('a','b') COLLATE utf8mb4_bin", (I, C)),
    ('text charset to utf8mb4', '', ALTER + 'MODIFY x text CHARACTER SET utf8mb3', '', (N, I)),
    ('char charset to utf8mb4', '', ALTER + 'MODIFY c char(4) CHARACTER SET utf8mb3', '', (N, I)),
    ('enum charset to utf8mb4', '', ALTER + "MODIFY e enum('a','b') CHARACTER SET utf8mb3", '', (I, C)),
    ('ascii to utf8mb4', '', ALTER + 'MODIFY s varchar(10) CHARACTER SET ascii', '', (C, C)),
    ('collation and length', '', '', ALTER + 'MODIFY s varchar(20) COLLATE utf8mb4_bin', (N, I)),
    ('table charset', '', '', ALTER + 'DEFAULT CHARSET=latin1', (N, I)),
    ('virtual to another', VIRT, '', ALTER + 'MODIFY v int GENERATED ALWAYS AS (a + 2) VIRTUAL', (C, I)),
    ('stored to another', ALTER + 'ADD v int GENERATED ALWAYS AS (a + 1) STORED;', '',
     ALTER + 'MODIFY v int GENERATED ALWAYS AS (a + 2) STORED', (C, C)),
    ('indexed virtual to another', VIRT + ALTER + 'ADD KEY (v);', '',
     ALTER + 'MODIFY v int GENERATED ALWAYS AS (a + 2) VIRTUAL', (C, C)),
    ('drop functional', '', ALTER + 'ADD KEY z ((a + 1))', '', (N, None)),
    ('virtual comment', VIRT, '', ALTER + "MODIFY v int GENERATED ALWAYS AS (a + 1) VIRTUAL COMMENT 'x'", (I, I)),
    ('add index', '', '', ALTER + 'ADD KEY z (s)', (N, N)),
    ('add unique', '', '', ALTER + 'ADD UNIQUE KEY z (id, s)', (N, N)),
    ('add fulltext', '', '', ALTER + 'ADD FULLTEXT KEY z (s)', (S, S)),
    ('add second fulltext', FULL, '', ALTER + 'ADD FULLTEXT KEY z (s)', (S, S)),
    ('add index, fulltext', FULL, '', ALTER + 'ADD KEY z (s)', (N, N)),
    ('add spatial', ALTER + 'ADD g point NOT NULL;', '', ALTER + 'ADD SPATIAL KEY z (g)', (S, S)),
    ('add functional', '', '', ALTER + 'ADD KEY z ((a + 1))', (S, None)),
    ('drop index', '', ALTER + 'ADD KEY z (s)', '', (N, N)),
    ('drop fulltext', '', FULL, '', (N, N)),
    ('change index', '', ALTER + 'ADD KEY z (s)', ALTER + 'ADD KEY z (s, a)', (N, N)),
    ('index comment', '', ALTER + 'ADD KEY z (s)', ALTER + "ADD KEY z (s) COMMENT 'x'", (N, I)),
    ('index of another name', '', ALTER + 'ADD KEY z (s)', ALTER + 'ADD KEY y (s)', (N, I)),
    ('unique key of another name', '', ALTER + 'ADD UNIQUE KEY z (s)', ALTER + 'ADD UNIQUE KEY y (s)', (N, I)),
    ('fulltext of another name', '', ALTER + 'ADD FULLTEXT KEY z (s)', ALTER + 'ADD FULLTEXT KEY y (s)', (S, S)),
    ('invisible index', '', '', ALTER + 'ALTER INDEX k_a INVISIBLE', (N, None)),
    ('ignored index', '', '', ALTER + 'ALTER INDEX k_a IGNORED', (None, I)),
    ('replace primary key', '', '', ALTER + 'DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)', (N, N)),
    ('primary key of another column', '', '', ALTER + 'DROP PRIMARY KEY, ADD PRIMARY KEY (a)', (N, N)),
    ('drop primary key', '', '', ALTER + 'DROP PRIMARY KEY', (C, C)),
    ('add primary key', ALTER + 'DROP PRIMARY KEY;', '', ALTER + 'ADD PRIMARY KEY (id)', (N, N)),
    ('unique key in place of a primary key', ALTER + 'DROP PRIMARY KEY;', '', ALTER + 'ADD UNIQUE KEY z (id)', (N, N)),
    ('no unique key, no primary key', ALTER + 'DROP PRIMARY KEY;', ALTER + 'ADD UNIQUE KEY z (id)', '', (C, C)),
    ('unique key becomes a key', ALTER + 'DROP PRIMARY KEY;', ALTER + 'ADD UNIQUE KEY z (id)', ALTER + 'ADD KEY z (id)', (C, C)),
    ('another unique key', ALTER + 'DROP PRIMARY KEY;', ALTER + 'ADD UNIQUE KEY z (id)', ALTER + 'ADD UNIQUE KEY y (a)', (N, N)),
    ('unique key beside another', ALTER + 'DROP PRIMARY KEY, ADD UNIQUE KEY y (a);', ALTER + 'ADD UNIQUE KEY z (id)', '', (N, N)),
    ('unique key that may be null', ALTER + 'DROP PRIMARY KEY;', '', ALTER + 'ADD UNIQUE KEY z (n)', (N, N)),
    ('unique key of a prefix', ALTER + "DROP PRIMARY KEY, MODIFY s varchar(10) NOT NULL DEFAULT 'x';", '', ALTER + 'ADD UNIQUE KEY z (id, s(3))',
     (N, N)),
    ('primary key beside a unique key', ALTER + 'ADD UNIQUE KEY z (a);', '', ALTER + 'DROP PRIMARY KEY', (C, N)),
    ('add foreign key', '', '', FK, (C, C)),
    ('drop foreign key', '', FK, ALTER, (N, I)),
    ('add escaped foreign key', '', '', FK.replace('fk', r'`\fk`'), (C, C)),
    ('drop escaped foreign key', '', FK.replace('fk', r'`\fk`'), ALTER, (N, I)),
    ('add check', '', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5)', (C, C)),
    ('drop check', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5)', '', (I, I)),
    ('check not enforced', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5)',
     ALTER + 'ADD CONSTRAINT z CHECK (a > -5) NOT ENFORCED', (I, None)),
    ('check enforced', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5) NOT ENFORCED',
     ALTER + 'ADD CONSTRAINT z CHECK (a > -5)', (C, None)),
    ('add check not enforced', '', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5) NOT ENFORCED', (I, None)),
    ('check of another condition', '', ALTER + 'ADD CONSTRAINT z CHECK (a > -5)', ALTER + 'ADD CONSTRAINT z CHECK (a > -6)', (C, C)),
    ('column format', '', '', ALTER + 'MODIFY n int COLUMN_FORMAT DYNAMIC', (I, None)),
    ('srid', ALTER + 'ADD g point NOT NULL;', '', ALTER + 'MODIFY g point NOT NULL SRID 4326', (C, None)),
    ('not versioned', ALTER + 'ADD SYSTEM VERSIONING;', '', ALTER + 'MODIFY n int WITHOUT SYSTEM VERSIONING', (None, I)),
    ('key options', '', ALTER + 'ADD KEY z (s)', ALTER + 'ADD KEY z (s) KEY_BLOCK_SIZE=4', (None, N)),
    ('primary key comment', '', '', ALTER + "DROP PRIMARY KEY, ADD PRIMARY KEY (id) COMMENT 'x'", (N, I)),
    ('primary key options', '', '', ALTER + "DROP PRIMARY KEY, ADD PRIMARY KEY (id) KEY_BLOCK_SIZE=4", (None, N)),
    ('no period', ALTER + 'ADD b date NOT NULL, ADD f date NOT NULL;', ALTER + 'ADD PERIOD FOR z (b, f)', '', (None, I)),
    ('period of other columns', ALTER + 'ADD b date NOT NULL, ADD f date NOT NULL, ADD h date NOT NULL;', ALTER + 'ADD PERIOD FOR z (b, f)',
     ALTER + 'ADD PERIOD FOR z (b, h)', (None, C)),
    ('virtual to stored', VIRT, '', ALTER + 'DROP v, ADD v int GENERATED ALWAYS AS (a + 1) STORED', (C, C)),
    ('null written', ALTER + 'ADD z timestamp NULL DEFAULT NULL;', '', ALTER + 'MODIFY z int DEFAULT NULL', (C, C)),
    ('column check', '', '', ALTER + 'MODIFY n int CHECK (n > -5)', (None, I)),
    ('engine', '', '', ALTER + 'ENGINE=MyISAM', (C, C)),
    ('row format', '', '', ALTER + 'ROW_FORMAT=COMPACT', (N, N)),
    ('row format back', '', ALTER + 'ROW_FORMAT=COMPACT', '', (N, N)),
    ('row format, fulltext', FULL, '', ALTER + 'ROW_FORMAT=COMPACT', (C, S)),
    ('stats', '', '', ALTER + 'STATS_PERSISTENT=1', (N, I)),
    ('max rows', '', '', ALTER + 'MAX_ROWS=1000', (N, I)),
    ('avg row length', '', '', ALTER + 'AVG_ROW_LENGTH=100', (N, I)),
    ('checksum', '', '', ALTER + 'CHECKSUM=1', (N, I)),
    ('delay key write', '', '', ALTER + 'DELAY_KEY_WRITE=1', (N, I)),
    ('pack keys', '', '', ALTER + 'PACK_KEYS=1', (N, I)),
    ('page compressed', '', '', ALTER + 'PAGE_COMPRESSED=1', (None, N)),
    ('myisam: to innodb', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'ENGINE=InnoDB', (C, C)),
    ('myisam: comment', ALTER + 'ENGINE=MyISAM;', '', ALTER + "COMMENT='x'", (I, I)),
    ('myisam: drop index', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'DROP KEY k_n', (C, C)),
    ('myisam: wider', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'MODIFY s varchar(20)', (C, C)),
    ('table comment', '', '', ALTER + "COMMENT='x'", (N, I)),
    ('counter', ALTER + 'MODIFY id int NOT NULL AUTO_INCREMENT;', '', ALTER + 'AUTO_INCREMENT=100', (N, I)),
    ('auto_increment', '', '', ALTER + 'MODIFY id int NOT NULL AUTO_INCREMENT', (C, C)),
    ('no auto_increment', '', ALTER + 'MODIFY id int NOT NULL AUTO_INCREMENT', '', (C, I)),
    ('partition', '', '', ALTER + 'PARTITION BY HASH (id) PARTITIONS 4', (C, C)),
    ('no partition', '', ALTER + 'PARTITION BY HASH (id) PARTITIONS 4', '', (C, C)),
    ('partition and more', '', '', ALTER + 'ADD q int PARTITION BY HASH (id) PARTITIONS 4', (C, C)),
    ('another scheme', PARTS, '', 'ALTER TABLE r PARTITION BY KEY (id) PARTITIONS 2', (C, C)),
    ('more by hash', PARTS, '', 'ALTER TABLE r PARTITION BY HASH (id) PARTITIONS 5', (S, S)),
    ('less by hash', '', PARTS.replace('2', '4'), PARTS, (S, S)),
    ('more by key', '', PARTS.replace('HASH', 'KEY'), PARTS.replace('HASH', 'KEY').replace('2', '4'), (S, S)),
    ('one by hash told', '', PARTS, PARTS.replace('PARTITIONS 2', "(PARTITION p0 COMMENT = 'x', PARTITION p1)"), (S, S)),
    ('add range', '', RANGE % '', RANGE % ', PARTITION p2 VALUES LESS THAN (200)', (N, N)),
    ('drop range', '', RANGE % ', PARTITION p2 VALUES LESS THAN (200)', RANGE % '', (N, N)),
    ('split range', '', RANGE % ', PARTITION p3 VALUES LESS THAN (300)',
     RANGE % ', PARTITION p2 VALUES LESS THAN (200), PARTITION p3 VALUES LESS THAN (300)', (S, S)),
    ('lower range', '', RANGE % ', PARTITION p2 VALUES LESS THAN (200)', RANGE % ', PARTITION p2 VALUES LESS THAN (150)', (S, S)),
    ('add list', '', LISTS % '', LISTS % ', PARTITION p2 VALUES IN (4, 5)', (N, N)),
    ('drop list', '', LISTS % ', PARTITION p2 VALUES IN (4, 5)', LISTS % '', (N, N)),
    ('more in list', '', LISTS % ', PARTITION p2 VALUES IN (4)', LISTS % ', PARTITION p2 VALUES IN (4, 5)', (S, S)),
    ('partitioned: add column', PARTS, '', 'ALTER TABLE r ADD q int', (I, I)),
    ('partitioned: add index', PARTS, '', 'ALTER TABLE r ADD KEY (a)', (N, N)),
    ('partitioned: bigint', PARTS, '', 'ALTER TABLE r MODIFY a bigint', (C, C)),
    ('more history', '', HISTORY % 2, HISTORY % 4, (None, N)),
    ('less history', '', HISTORY % 4, HISTORY % 2, (None, C)),
    ('versioning', '', '', ALTER + 'ADD SYSTEM VERSIONING', (None, C)),
    ('no versioning', '', ALTER + 'ADD SYSTEM VERSIONING', '', (None, S)),
    ('period', ALTER + 'ADD b date NOT NULL, ADD f date NOT NULL;', '', ALTER + 'ADD PERIOD FOR z (b, f)', (None, C)),
    ('myisam: add column', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'ADD q int', (C, C)),
    ('myisam: add index', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'ADD KEY (s)', (C, C)),
    ('myisam: charset', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'DEFAULT CHARSET=latin1', (C, C)),
    ('myisam: default', ALTER + 'ENGINE=MyISAM;', '', ALTER + 'ALTER a SET DEFAULT 4', (I, I)),
    ('compressed: add column', ALTER + 'ROW_FORMAT=COMPRESSED;', '', ALTER + 'ADD q int', (N, N)),
    ('compressed: drop column', ALTER + 'ROW_FORMAT=COMPRESSED;', '', ALTER + 'DROP n', (N, N)),
]

PARENTS = {x + ' %s key' % y: z for y in ('foreign', 'escaped foreign')
           for x, z in (('add', ['writes wait']), ('drop', ['open transactions are waited for']))}
COUNTERS = {'counter': ('--facets', '+counters')}
failed = []
covered = set()


def check(good, what):
    if not good:
        failed.append(what)
        print('FAIL ' + what, flush=True)


def client(server, sql):
    u = urlsplit(server)
    args = ['mariadb', '--no-defaults', '--ssl=0', '-N', '-h' + u.hostname, '-P%d' % (u.port or 3306), '-u' + u.username]
    return subprocess.run(args, input=sql.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def build(server, db, *parts):
    sql = 'DROP DATABASE IF EXISTS %s; CREATE DATABASE %s CHARACTER SET utf8mb4; USE %s;\n' % (db, db, db)
    sql += '/*M! SET system_versioning_alter_history = KEEP */;\n'
    sql += ';\n'.join(p.rstrip(';\n ') for p in parts if p and p != ALTER)
    done = client(server, sql + ';\n')
    if done.returncode:
        raise SystemExit('mysql_locks: %s: %s' % (sql, done.stderr.decode()))
    return server.rstrip('/') + '/' + db


def run(snap, cwd, *args):
    done = subprocess.run([snap, *args], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def ways(steps):
    return [l['lock'].replace('ALGORITHM=', '') for s in steps for t in s['statements'] for l in t['locks']
            if l['lock'] != 'metadata lock']


def parents(steps):
    """Who waits for the tables that foreign keys refer to."""
    return [l['blocks'] for s in steps for t in s['statements'] for l in t['locks'] if l['lock'] == 'metadata lock']


def one_row(snap, cwd, server, flavour, row, show):
    name, both, before, after, want = row
    want = want[flavour == MARIADB]
    if want is None:
        return
    a, b = build(server, 'snap_locks_a', BASE, both, before), build(server, 'snap_locks_b', BASE, both, after)
    note_changes(snap, cwd, a, b, name)
    rc, out, err = run(snap, cwd, 'explain', a, b, '--probe', '-f', 'json', *COUNTERS.get(name, ()))
    check(rc == 0, '%s: exit %d: %s' % (name, rc, err.strip()))
    if rc not in (0, 4):
        return
    steps = json.loads(out)['steps']
    for s in steps:
        for d in s['probe']['differs']:
            check(False, '%s: %s' % (name, d))
    for statement in [t['text'] for s in steps for t in s['statements'] if t['locks']]:
        check(statement.startswith('ALTER TABLE'), '%s: a lock of %s' % (name, statement))
    check(parents(steps) == PARENTS.get(name, []), '%s: other tables: %s' % (name, parents(steps)))
    got = ways(steps)
    seen = [x['lock'].replace('ALGORITHM=', '') for s in steps for x in s['probe']['seen']]
    order = [I, N, S, C]
    check(seen and max(seen, key=order.index) == want, '%s: measured %s, seen %s' % (name, want, seen))
    check(got and max(got, key=order.index) == want, '%s: measured %s, foretold %s' % (name, want, got))
    if show:
        print(name, want, got, seen, [x['rewrite'] for s in steps for x in s['probe']['seen']], flush=True)
    rc, out, err = run(snap, cwd, 'changelog', a, b, '--online', '-f', 'sql', *COUNTERS.get(name, ()))
    check(rc == 0, '%s: online: exit %d: %s' % (name, rc, err.strip()))
    check('SET SESSION lock_wait_timeout = 5' in out, '%s: no lock_wait_timeout' % name)
    parts = re.search(r' (ADD|DROP) PARTITION ', out)
    for way in (I, N):
        said = re.search(r',\s+ALGORITHM=%s;|` ALGORITHM=%s, (ADD|DROP) PARTITION ' % (way, way), out)
        check(bool(said) == (way in got and not (parts and flavour == MARIADB)), '%s: online: %s: %s' % (name, way, out))


PARTS = ('table', 'column', 'primary_key', 'index', 'check', 'period', 'foreign_key')


def note_changes(snap, cwd, a, b, name):
    """What the row changes: (kind, attribute), (kind, +), (kind, -)."""
    rc, out, err = run(snap, cwd, 'diff', a, b, '-f', 'json', *COUNTERS.get(name, ()))
    check(rc == 1, '%s: diff: %d %s' % (name, rc, err))
    for c in json.loads(out)['changes'] if rc == 1 else []:
        kind = c['path'].rsplit('/', 1)[-1].split(':')[0]
        if c['op'] == 'alter':
            covered.update((kind, x['name']) for x in c['attributes'])
        else:
            covered.add((kind, {'add': '+', 'drop': '-'}[c['op']]))


def whole(snap):
    """Every change of every part of a table that is made by ALTER TABLE has a row on one of the servers."""
    kind, attribute, wanted = '', '', set()
    for line in run(snap, None, 'features', 'mysql')[1].split('\n'):
        if m := re.match(r'(\w+): ', line):
            kind = m.group(1)
            wanted |= {(kind, '+'), (kind, '-')} if kind in PARTS[1:] else set()
        elif m := re.match(r'  (\w+) +(?:structure|comments|storage|order|counters) ', line):
            attribute = m.group(1)
        elif re.match(r' +change: (table\.(alter|counter)|column\.)', line) and kind in PARTS:
            wanted.add((kind, attribute))
    check(len(wanted) > 30, 'features: %s' % wanted)
    for one in sorted(wanted - covered):
        check(False, 'no row changes %s %s' % one)


def text(snap, cwd, server):
    """For people: sizes of the live database, the ALTER for other tools on one line, no table that is new."""
    a = build(server, 'snap_locks_a', BASE, 'INSERT INTO t (id) SELECT seq FROM (SELECT 1 seq UNION SELECT 2) x',
              'ANALYZE TABLE t')
    b = build(server, 'snap_locks_b', BASE, ALTER + "MODIFY a bigint NOT NULL DEFAULT 1, ADD UNIQUE KEY z (id, s)",
              'CREATE TABLE fresh (id int PRIMARY KEY, q int)', 'ALTER TABLE fresh ADD CONSTRAINT f2 FOREIGN KEY (q) REFERENCES p (id)')
    rc, out, err = run(snap, cwd, 'explain', a, b)
    check(rc == 0, 'text: %d %s' % (rc, err))
    for word in ('table t: ALGORITHM=COPY, LOCK=SHARED, writes wait; every row is written again', 'about 2 rows', 'kB',
                 'pt-online-schema-change', '\n          MODIFY COLUMN `a` bigint', 'DATA_DEPENDENT'):
        check(word in out, 'text: no %r in\n%s' % (word, out))
    check('table p: metadata lock, open transactions are waited for (the foreign key refers to it)' in ' '.join(out.split()),
          'text: the table that is referred to:\n' + out)
    check('table fresh: ALG' not in out, 'text: a new table has effects:\n' + out)
    rc, out, err = run(snap, cwd, 'explain', a, b, '--probe')
    check(rc == 0 and 'probe: as foretold' in out, 'text: probe: %d %s%s' % (rc, out, err))


def server_rows(snap, server, only, show, share):
    version = client(server, 'SELECT VERSION()').stdout.decode()
    flavour = MARIADB if 'MariaDB' in version else MYSQL
    with tempfile.TemporaryDirectory() as cwd:
        with open(os.path.join(cwd, 'snap.yml'), 'w') as f:
            f.write('scratch: { mysql: "%s/mysql" }\n' % server.rstrip('/'))
        for turn, row in enumerate(ROWS):
            other = share and None not in row[4] and turn % 2 != (flavour == MARIADB)
            if re.search(only, row[0]) and not other:
                one_row(snap, cwd, server, flavour, row, show)
        if not only:
            text(snap, cwd, server)
    client(server, 'DROP DATABASE IF EXISTS snap_locks_a; DROP DATABASE IF EXISTS snap_locks_b')


def main():
    args = sys.argv[1:]
    servers = ([args[args.index('--server') + 1]] if '--server' in args else
               [os.environ['SNAP_TEST_MYSQL_URL'], os.environ['SNAP_TEST_MARIADB_URL']])
    for server in servers:
        server_rows(os.path.abspath(args[0]), server, args[args.index('--only') + 1] if '--only' in args else '',
                    '--show' in args, '--share' in args)
    if len(servers) > 1 and '--only' not in args:
        whole(os.path.abspath(args[0]))
    print('mysql locks: %d rows on %d servers, %d failed' % (len(ROWS), len(servers), len(failed)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
