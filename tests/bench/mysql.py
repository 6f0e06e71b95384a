#!/usr/bin/env python3
"""Times snap beside the dump program of MySQL and of MariaDB on servers of its own, in turns: reading 64, 1,000
and 10,000 tables, and differences of two live databases. A figure over its bar is marked; only an answer that is
wrong fails. The servers are SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL; a number limits the tables.
usage: mysql.py SNAP EMPTY FOLDER [TABLES]"""
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from bench import judge, line, measure  # noqa: E402

BARE = ('id int PRIMARY KEY', 'a int NOT NULL DEFAULT 0', 'b varchar(100)', 'c decimal(10,2)',
        "d varchar(30) DEFAULT 'x'", 'e double', 'f blob', 'g int')


def plain(tables, changed):
    """8 columns, 3 indexes, two keys a table; one table in a hundred changed in one of three ways."""
    for i in range(tables):
        columns = list(BARE)
        if changed and i % 100 == 50:
            columns[3] = 'c decimal(12,2)'
        if changed and i % 100 == 51:
            columns.append('h text')
        columns += ['KEY t%d_%s (%s)' % (i, c, c) for c in 'abg'
                    if not (changed and i % 100 == 52 and c == 'b')]
        columns.append('CONSTRAINT t%d_f FOREIGN KEY (g) REFERENCES t%d (id)' % (i, max(i - 1, 0)))
        yield 'CREATE TABLE t%d (%s);' % (i, ', '.join(columns))


def application(changed):
    """64 tables as an application has them: 14 columns, 6 indexes, keys, checks, comments, triggers, views
    and routines."""
    for i in range(64):
        yield ("CREATE TABLE app_%d (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, parent bigint unsigned, name"
               " varchar(255) NOT NULL COMMENT 'what it is', code char(8) UNIQUE, what text, state enum('new', 'open',"
               " 'done') NOT NULL DEFAULT 'new', sum decimal(12,2), created datetime(6) NOT NULL DEFAULT"
               " CURRENT_TIMESTAMP(6), changed timestamp NULL ON UPDATE CURRENT_TIMESTAMP, active bool NOT NULL DEFAULT"
               " true, extra json, twice int AS (`rank` * 2) VIRTUAL, `rank` int CHECK (`rank` BETWEEN 0 AND %d), mail"
               " varchar(%d) CHARACTER SET latin1, KEY (name), KEY (created DESC, state), KEY (changed), KEY (`rank`,"
               " code), KEY (mail(10)), FOREIGN KEY (parent) REFERENCES app_%d (id) ON DELETE CASCADE)"
               " COMMENT = 'table %d';" % (i, 100 + i, 80 if changed and i % 20 == 7 else 120, max(i - 1, 0), i))
        yield 'CREATE TRIGGER touch_%d BEFORE UPDATE ON app_%d FOR EACH ROW SET NEW.changed = NOW();' % (i, i)
        if i % 4 == 0:
            yield ('CREATE VIEW seen_%d AS SELECT a.id, a.name, b.name AS parent FROM app_%d a JOIN app_%d b ON'
                   ' b.id = a.parent WHERE a.active%s;' % (i, i, max(i - 1, 0),
                                                           ' AND a.rank > 0' if changed and i == 8 else ''))
            yield 'CREATE PROCEDURE mark_%d(IN a bigint) UPDATE app_%d SET `rank` = 1 WHERE id = a;' % (i, i)


class Server:
    def __init__(self, name, dump):
        self.name = {'mysql': 'MySQL', 'mariadb': 'MariaDB'}[name]
        self.url = os.environ['SNAP_TEST_%s_URL' % name.upper()]
        self.dump = subprocess.check_output([here + '/../servers', 'dump', name], text=True).split()
        self.dump_name = dump
        self.port = self.url.rsplit(':', 1)[1]

    def make(self, name, statements):
        script = '\n'.join(['CREATE DATABASE %s; USE %s;' % (name, name), *statements])
        subprocess.run(['mariadb', '--no-defaults', '--ssl=0', '-h127.0.0.1', '-P' + self.port, '-uroot'],
                       input=script, text=True, check=True, stdout=subprocess.DEVNULL)
        return name

    def read_one(self, snap, empty, folder, name, runs, bar):
        dump = self.dump + ['-h127.0.0.1', '-P' + self.port, '-uroot', '--no-data', name]
        m = measure(runs, empty=([empty], (0,)), dump=(dump, (0,)),
                    snap=([snap, 'snapshot', '%s/%s' % (self.url, name), '-o', folder + '/my.json'], (0,)))
        line(self.dump_name + ' --no-data', m['dump'])
        line('snap snapshot', m['snap'])
        over = judge('of the time of ' + self.dump_name, m['snap'][1] / m['dump'][1], 1.5)
        return over + (judge('its memory, MiB', m['snap'][2], bar) if bar else 0)

    def compare(self, snap, a, b, bar):
        dump = self.dump + ['-h127.0.0.1', '-P' + self.port, '-uroot', '--no-data', a]
        m = measure(5, dump=(dump, (0,)), snap=([snap, 'diff', '%s/%s' % (self.url, a), '%s/%s' % (self.url, b)], (1,)))
        line('snap diff', m['snap'])
        over = judge('snap diff, of the time of two ' + self.dump_name, m['snap'][1] / m['dump'][1] / 2, 1.5)
        return over + (judge('its memory, MiB', m['snap'][2], bar) if bar else 0)

    def judge(self, snap, empty, folder, most):
        print('%s, 64 tables of an application' % self.name)
        a, b = self.make('app_a', application(False)), self.make('app_b', application(True))
        over = self.read_one(snap, empty, folder, a, 9, 0) + self.compare(snap, a, b, 24)
        if most >= 1000:
            print('%s, 1,000 tables x 8 columns x 3 indexes' % self.name)
            a, b = self.make('plain_a', plain(1000, False)), self.make('plain_b', plain(1000, True))
            over += self.read_one(snap, empty, folder, a, 5, 32) + self.compare(snap, a, b, 0)
        if most >= 10000:
            print('%s, 10,000 tables x 8 columns x 3 indexes' % self.name)
            over += self.read_one(snap, empty, folder, self.make('plain_c', plain(10000, False)), 3, 200)
        print('bench: %d figures over their bar on %s' % (over, self.name))


def main():
    snap, empty, folder = sys.argv[1:4]
    most = int(sys.argv[4]) if len(sys.argv) > 4 else 10000
    for name, dump in (('mysql', 'mysqldump'), ('mariadb', 'mariadb-dump')):
        if os.environ.get('SNAP_TEST_%s_URL' % name.upper()):
            Server(name, dump).judge(snap, empty, folder, most)


if __name__ == '__main__':
    main()
