#!/usr/bin/env python3
"""Rows as facts (--data) on SQLite and on the servers of the surrounding run: two tables, a relation and rows
that somebody made by hand become a changelog, which the real Liquibase applies and takes back; rows that change
in many ways at once; random rows of random tables, where each prefix of the changeSets is applied and undone;
what is refused, by name; --backfill; renames of snap.yml. What a database holds is told by sqlite3, psql and
mysql, never by snap.
usage: data.py SNAP BUILD [--full] [--engine NAME,... | --servers]     --servers: not SQLite
"""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'liquibase'))
import tools  # noqa: E402


class Lite:
    kind = family = 'sqlite'
    login = {}
    number = 'numeric'
    text = 'text'

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return '%s/%s.db' % (self.folder, name)

    def make(self, name):
        if os.path.exists(self.path(name)):
            os.unlink(self.path(name))
        tools.execute(self.path(name), '')

    def url(self, name):
        return 'sqlite:' + self.path(name)

    def jdbc(self, name):
        return 'jdbc:sqlite:%s?foreign_keys=on' % self.path(name)

    def apply(self, name, sql):
        con = sqlite3.connect(self.path(name), isolation_level=None)
        con.execute('PRAGMA foreign_keys = on')
        try:
            con.executescript(sql)
        except sqlite3.Error as e:
            return str(e)
        finally:
            con.close()
        return ''

    def rows(self, name, table, columns='*'):
        names = [r[1] for r in tools.query(self.path(name), 'PRAGMA table_info(%s)' % table)]
        sql = ', '.join('typeof(%s), quote(%s)' % (c, c) for c in (names if columns == '*' else columns.split(',')))
        con = sqlite3.connect(self.path(name))
        con.text_factory = lambda b: b.decode('utf8', 'backslashreplace')
        try:
            return sorted(con.execute('SELECT %s FROM %s' % (sql, table)).fetchall()) if names else None
        finally:
            con.close()

    def drop(self, name):
        pass


class Server:
    """A server by its own client."""

    def __init__(self, kind, url):
        u = urllib.parse.urlparse(url)
        self.kind, self.base = kind, url.rstrip('/')
        self.family = 'postgresql' if kind == 'postgresql' else 'mysql'
        self.host, self.port, self.user = u.hostname, u.port, u.username or 'root'
        self.login = {'username': self.user,
                      'password': urllib.parse.unquote(u.password or '') or ('none' if kind == 'postgresql' else '')}
        self.text = 'text' if kind == 'postgresql' else 'varchar(60)'
        self.number = 'numeric(8,2)'

    def name(self, name):
        return 'data_t_' + name

    def client(self, database, sql, *more):
        if self.family == 'postgresql':
            cmd = ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-At', '-F', '\x1f', '-d',
                   '%s/%s' % (self.base, database), *more]
        else:
            cmd = ['mysql', '-h', self.host, '-P', str(self.port), '-u', self.user, '--default-character-set=utf8mb4',
                   '--batch', '--skip-column-names', '--binary-mode', '--comments', *more] + ([database] if database else [])
        r = subprocess.run(cmd, input=sql.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')

    def admin(self, sql):
        rc, _, err = self.client('postgres' if self.family == 'postgresql' else '', sql)
        if rc:
            raise RuntimeError(err)

    def make(self, name):
        self.drop(name)
        self.admin('CREATE DATABASE %s%s;' % (self.name(name), '' if self.family == 'postgresql' else
                                              ' CHARACTER SET utf8mb4'))

    def drop(self, name):
        self.admin('DROP DATABASE IF EXISTS %s;' % self.name(name))

    def url(self, name):
        return '%s/%s' % (self.base, self.name(name))

    def jdbc(self, name):
        return 'jdbc:%s://%s:%d/%s' % (self.kind, self.host, self.port, self.name(name))

    def apply(self, name, sql):
        rc, _, err = self.client(self.name(name), sql)
        return err if rc else ''

    def rows(self, name, table, columns='*'):
        rc, out, _ = self.client(self.name(name), 'SELECT %s FROM %s;' % (columns, table))
        return sorted(out.splitlines()) if rc == 0 else None


AUTHORED = {
    'all': """CREATE TABLE animals (genus_species {text} NOT NULL PRIMARY KEY, common_name {text} NOT NULL);
CREATE TABLE birds (id integer NOT NULL PRIMARY KEY, genus_species {text} NOT NULL, unladen_airspeed {number},
  proper_name {text} DEFAULT 'none', CONSTRAINT birds_animal FOREIGN KEY (genus_species) REFERENCES animals (genus_species));
INSERT INTO animals VALUES ('Hirundo angolensis', 'African swallow'), ('Hirundo rustica', 'European swallow'),
  ('Serinus canaria', 'Canary'), ('Struthio; camelus', 'it''s -- ${{x}} "q" ]]> </script>');
INSERT INTO birds VALUES (1, 'Serinus canaria', NULL, 'Captain Canary'), (2, 'Hirundo rustica', 11, NULL),
  (3, 'Hirundo angolensis', 10.5, 'back\\slash'), (4, 'Struthio; camelus', 0, '');""",
    # MySQL reads a backslash as an escape
    'mysql': "UPDATE birds SET proper_name = CHAR(98,92,13,10,9 USING utf8mb4) WHERE id = 3;",
    'postgresql': "UPDATE birds SET proper_name = E'\\\\\\r\\n\\t\\x7f' WHERE id = 3;",
    'sqlite': "UPDATE birds SET proper_name = char(92,13,10,9,127), unladen_airspeed = '007' WHERE id = 3;",
}
# swapped unique values, a key that is taken over, a row that moves to a new parent, one that goes with its parent
CHANGED = """UPDATE birds SET genus_species = 'Struthio; camelus' WHERE genus_species = 'Serinus canaria';
DELETE FROM animals WHERE genus_species = 'Serinus canaria';
DELETE FROM birds WHERE id = 4;
INSERT INTO animals VALUES ('Apteryx', 'Kiwi');
INSERT INTO birds VALUES (9, 'Apteryx', 0.25, 'None');
UPDATE birds SET proper_name = NULL, unladen_airspeed = 12 WHERE id = 2;"""
TYPES = {
    'postgresql': """CREATE TABLE kinds (a int, b text, PRIMARY KEY (a, b), i8 bigint, n numeric, f real, d double precision,
  ok boolean DEFAULT true, bin bytea, day date, at timestamptz, naive timestamp, iv interval, u uuid, j json, jb jsonb, arr int[],
  txt text[], bits bit(5), ip inet, c char(4), mood mood, neg real, gen int GENERATED ALWAYS AS (a * 2) STORED, r int4range, x xml);
INSERT INTO kinds VALUES (1, 'x,y\\z', 9223372036854775807, 'NaN', 0.1, 1e300, NULL, '\\x00ff5c', '2020-02-29', '2020-06-01 12:00+02',
  '2020-01-01 00:00:00.123456', '1 year 2 mons', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"b": 1,  "a": 2}', '{"b": 1}', '{1,NULL}',
  '{"a,b",NULL,"NULL"}', B'10101', '10.0.0.1/8', 'ab', 'it''s', '-0', DEFAULT, '[1,5)', '<a b="1"/>'),
 (1, '', -1, 1.50, 'Infinity', -0.0, false, '', 'infinity', NULL, NULL, NULL, NULL, 'null', 'null', '{}', '{}', NULL, NULL, '', NULL, 'NaN', DEFAULT, 'empty', NULL);""",
    'mysql': """CREATE TABLE kinds (a int, b varchar(20), PRIMARY KEY (a, b), i8 bigint unsigned, n decimal(20,5), f float, d double,
  ok tinyint(1) DEFAULT 1, bin varbinary(20), day date, at timestamp(3) NULL, naive datetime(6) NULL, t time, y year, j json, bits bit(9), e enum('a','it''s'),
  s set('x','y'), bl blob, g geometry, la varchar(20) CHARACTER SET latin1, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  gen int GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO kinds (a, b, i8, n, f, d, ok, bin, day, at, naive, t, y, j, bits, e, s, bl, g, la, changed) VALUES
 (1, 'x,y', 18446744073709551615, 1.5, 0.1, 1e300, NULL, x'00ff5c27', '2020-02-29', '2020-06-01 12:00:00.5', '2020-01-01 00:00:00.123456', '-12:00:01', 2001,
  '{"a": "q\\\\\\\\r"}', b'101010101', 'it''s', 'x,y', x'', ST_GeomFromText('POINT(1 2)'), 'caf\u00e9', '2001-02-03 04:05:06'),
 (2, '', 0, -0.5, -0e0, -0e0, 0, x'', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, '2001-02-03 04:05:07');""",
    'sqlite': """CREATE TABLE kinds (a, b TEXT, i, r REAL, any_, bl BLOB, gen AS (a || 'x'), PRIMARY KEY (a, b));
INSERT INTO kinds (a, b, i, r, any_, bl) VALUES (1, 'x,y\\z', 9223372036854775807, 0.1, 1.0, x'00ff'), ('1', '', '1', 1e300, 9e999, ''),
 (2, 'q', -1, 1.7976931348623157e308, CAST(x'ff41' AS TEXT), NULL), (3, 'nul', 0, -0.5, CAST(x'410042' AS TEXT), x'');""",
}


class Test:
    def __init__(self, checks, snap, build, place, folder, full):
        self.checks, self.snap, self.place, self.folder, self.full = checks, snap, place, folder, full
        self.lb = tools.Liquibase(build, '5.0.4', folder + '/java')
        self.made = set()
        if place.family == 'mysql':
            with open(folder + '/snap.yml', 'w', encoding='utf8') as f:
                f.write('version: 1\nscratch: { mysql: "%s/" }\n' % place.base)

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, '%s: %s' % (self.place.kind, what), seen)

    def make(self, name, sql=''):
        self.made.add(name)
        self.place.make(name)
        error = self.place.apply(name, sql) if sql else ''
        if error:
            raise RuntimeError(error)

    def sql(self, text, more=''):
        return text.format(text=self.place.text, number=self.place.number) + more

    def changelog(self, out, *more, a='a', b='b'):
        rc, _, err = self.snap.run('changelog', self.place.url(a), self.place.url(b), '-o', out, *more, cwd=self.folder)
        return rc, err

    def deploy(self, command, name, changelog, **more):
        error = self.lb.run(command, dir=self.folder, url=self.place.jdbc(name), changelogFile=changelog,
                            **self.place.login, **more)
        self.check(not error, '%s of %s' % (command, changelog), error)

    def steps(self, changelog):
        with open('%s/%s' % (self.folder, changelog), encoding='utf8') as f:
            return [c['changeSet'] for c in yaml.safe_load(f)['databaseChangeLog'] if 'changeSet' in c]

    def round_trip(self, changelog, tables, what, columns='*'):
        """The real Liquibase takes a to b and back. `columns`: where their order is not given back."""
        before = {t: self.place.rows('a', t, columns) for t in tables}
        wanted = {t: self.place.rows('b', t) for t in tables}
        self.deploy('update', 'a', changelog)
        for t in tables:
            got = self.place.rows('a', t)
            self.check(got == wanted[t], '%s: rows of %s are as wanted' % (what, t), (got, wanted[t]))
        self.deploy('rollbackCount', 'a', changelog, count=len(self.steps(changelog)))
        for t in tables:
            got = self.place.rows('a', t, columns)
            self.check(got == before[t], '%s: rows of %s are as before' % (what, t), (got, before[t]))

    def prove(self, out, *more):
        rc, err = self.changelog(out, *more)
        return self.check(rc == 0 and 'proof:' in err, 'a proven changelog %s' % out, err)

    def animals(self):
        made = self.sql(AUTHORED['all'], AUTHORED[self.place.family])
        self.make('a', 'CREATE TABLE other (x int);')
        self.make('b', 'CREATE TABLE other (x int);' + made)
        rc, err = self.changelog('alone.yaml', '--data', 'birds')
        self.check(rc == 3 and 'DATA_PARENT' in err and 'animals' in err, 'rows whose parents are not named', err)
        if self.prove('animals.yaml', '--data', 'animals,birds'):
            self.round_trip('animals.yaml', ['animals', 'birds'], 'animals and birds')
        self.make('a', 'CREATE TABLE other (x int);' + made)
        self.place.apply('b', CHANGED)
        if self.prove('changed.yaml', '--data', 'animals,birds'):
            self.round_trip('changed.yaml', ['animals', 'birds'], 'changed rows')
        rc, out, err = self.snap.run('diff', self.place.url('a'), self.place.url('b'), '--data', 'animals,birds',
                                     cwd=self.folder)
        self.check(rc == 1 and 'Kiwi' in out, 'a diff shows rows', out + err)
        rc, out, err = self.snap.run('diff', self.place.url('a'), self.place.url('b'), cwd=self.folder)
        self.check(rc == 0, 'without --data rows are no difference', out + err)
        self.files()

    def files(self):
        """Snapshots hold the rows of the tables that they were made with."""
        rc, _, err = self.snap.run('snapshot', self.place.url('b'), '--data', 'animals,birds', '-o', 'b.json', cwd=self.folder)
        self.check(rc == 0, 'a snapshot with rows', err)
        rc, out, err = self.snap.run('diff', 'b.json', self.place.url('b'), '--data', 'animals,birds', cwd=self.folder)
        self.check(rc == 0, 'it is as the database', out + err)
        rc, out, err = self.snap.run('diff', 'b.json', self.place.url('b'), cwd=self.folder)
        self.check(rc == 0, 'and without --data too', out + err)
        rc, _, err = self.snap.run('snapshot', self.place.url('b'), '-o', 'bare.json', cwd=self.folder)
        rc, out, err = self.snap.run('diff', 'bare.json', self.place.url('b'), '--data', 'birds', cwd=self.folder)
        self.check(rc == 3 and 'FACET_MISSING' in err, 'a snapshot without rows is not taken for an empty table', err)
        rc, out, err = self.snap.run('changelog', self.place.url('a'), 'b.json', '--data', 'animals,birds', '-o', 'file.yaml',
                                     cwd=self.folder)
        self.check(rc == 0 and 'proof:' in err, 'a changelog from a snapshot', err)
        with open(self.folder + '/file.yaml', encoding='utf8') as f, open(self.folder + '/changed.yaml', encoding='utf8') as g:
            self.check([c['changeSet']['id'] for c in yaml.safe_load(f)['databaseChangeLog'] if 'changeSet' in c] ==
                       [c['changeSet']['id'] for c in yaml.safe_load(g)['databaseChangeLog'] if 'changeSet' in c],
                       'the same changeSets as from the database')
        rc, out, err = self.snap.run('verify', 'changed.yaml', '--from', self.place.url('a'), '--to', self.place.url('b'),
                                     '--data', 'animals,birds', cwd=self.folder)
        self.check(rc == 0, 'the file is verified with its rows', out + err)

    def types(self):
        first = "CREATE TYPE mood AS ENUM ('it''s', 'b');" if self.place.kind == 'postgresql' else ''
        self.make('a', first)
        self.make('b', first + TYPES[self.place.family])
        if self.prove('types.yaml', '--data', 'kinds'):
            self.round_trip('types.yaml', ['kinds'], 'types')

    def refused(self):
        for sql, table, code, status in (
                ('CREATE TABLE t (a int); INSERT INTO t VALUES (1);', 't', 'DATA_NO_KEY', 3),
                ('CREATE TABLE t (a int);', 'nowhere', 'DATA_UNKNOWN', 2),
                ('CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3);', 't', 'LIMIT', 3)):
            self.make('a')
            self.make('b', sql)
            rc, err = self.changelog('no.yaml', '--data', table, '--data-limit', '2')
            self.check(rc == status and code in err and table in err, 'refused: ' + code, '%d %s' % (rc, err))

    def order(self):
        """Values that change places, rows that point at one another, columns that come and go."""
        table = ('CREATE TABLE t (id int NOT NULL PRIMARY KEY, code %s NOT NULL UNIQUE, free int UNIQUE, boss int %s);'
                 % (self.place.text, ', CONSTRAINT t_boss FOREIGN KEY (boss) REFERENCES t (id)'))
        self.make('a', table + "INSERT INTO t VALUES (1, 'a', 1, NULL), (2, 'b', 2, 1), (3, 'c', 3, 2), (4, 'd', 4, NULL),"
                  "(8, 'e', NULL, NULL), (9, 'f', NULL, NULL); UPDATE t SET boss = 9 WHERE id = 8; UPDATE t SET boss = 8 WHERE id = 9;")
        self.make('b', table + "INSERT INTO t VALUES (1, 'a', 3, NULL), (2, 'b', 1, NULL), (3, 'c', 2, NULL), (5, 'd', 4, 1),"
                  "(6, 'x', 6, NULL), (7, 'y', 7, 6); UPDATE t SET boss = 7 WHERE id = 6;")
        if self.prove('order.yaml', '--data', 't'):
            self.round_trip('order.yaml', ['t'], 'order')
        self.fills()
        old = 'CREATE TABLE u (id int NOT NULL PRIMARY KEY, gone %s NOT NULL, n int);' % self.place.text
        new = 'CREATE TABLE u (id int NOT NULL PRIMARY KEY, n int, made %s NOT NULL);' % self.place.text
        self.make('a', old + "INSERT INTO u VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);")
        self.make('b', new + "INSERT INTO u VALUES (1, 1, 'eins'), (2, 7, 'zwei'), (4, 4, 'vier');")
        if self.prove('columns.yaml', '--data', 'u'):
            self.round_trip('columns.yaml', ['u'], 'columns', 'id,gone,n')

    def fills(self):
        """Columns without NULLs come with the values of known rows; keys that are no exact numbers find them."""
        if self.place.kind == 'postgresql':
            self.make('a', "CREATE TABLE f (k real PRIMARY KEY, v int); INSERT INTO f VALUES (0.1, 1), (2, 2);")
            self.make('b', "CREATE TABLE f (k real PRIMARY KEY, v int, day date NOT NULL, j jsonb NOT NULL, n smallint NOT NULL,"
                      "v3 varchar(3) NOT NULL, ok boolean NOT NULL, arr text[] NOT NULL); INSERT INTO f VALUES "
                      "(0.1, 1, '2020-01-01', '{}', 1, 'abc', true, '{a}'), (2, 3, '2020-01-02', '[]', 2, '', false, '{}');")
            if self.prove('fills.yaml', '--data', 'f'):
                self.round_trip('fills.yaml', ['f'], 'fills')

    def elsewhere(self):
        """What rows do to others: cascades and triggers are told, and the proof lets pass what is told."""
        tables = ('CREATE TABLE p (id int NOT NULL PRIMARY KEY, code %s NOT NULL UNIQUE);'
                  'CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int NOT NULL, '
                  'CONSTRAINT c_p FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE);'
                  'CREATE TABLE n (id int NOT NULL PRIMARY KEY, pid int, '
                  'CONSTRAINT n_p FOREIGN KEY (pid) REFERENCES p (id) ON DELETE SET NULL);' % self.place.text)
        self.make('a', tables + "INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'c');")
        self.make('b', tables + "INSERT INTO p VALUES (1, 'a'), (2, 'B2');")
        rc, err = self.changelog('cascade.yaml', '--data', 'p')
        if self.check(rc == 0 and 'proof:' in err, 'cascade: a proven changelog', err):
            with open(self.folder + '/cascade.yaml', encoding='utf8') as f:
                text = f.read()
            self.check(text.count('DATA_LOSS') >= 2 and 'c_p' in text and 'n_p' in text, 'cascade: rows that go along are told', text)
        rc, err = self.changelog('cascade.yaml', '--data', 'p,c,n')
        with open(self.folder + '/cascade.yaml', encoding='utf8') as f:
            text = f.read()
        self.check(rc == 0 and 'DATA_LOSS' not in text, 'cascade: not where their rows are taken too', err + text)
        body = {'sqlite': 'BEGIN INSERT INTO log VALUES (new.id); END;',
                'mysql': 'FOR EACH ROW INSERT INTO log VALUES (new.id);',
                'postgresql': 'FOR EACH ROW EXECUTE FUNCTION note();'}[self.place.family]
        note = ("CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (new.id); "
                "RETURN new; END';" if self.place.kind == 'postgresql' else '')
        tables = ('CREATE TABLE p (id int NOT NULL PRIMARY KEY); CREATE TABLE log (x int);%s'
                  'CREATE TRIGGER fires AFTER INSERT ON p %s' % (note, body))
        self.make('a', tables)
        self.make('b', tables + 'INSERT INTO p VALUES (1);')
        rc, err = self.changelog('fires.yaml', '--data', 'p')
        if self.check(rc == 0 and 'proof:' in err, 'trigger: a proven changelog', err):
            with open(self.folder + '/fires.yaml', encoding='utf8') as f:
                text = f.read()
            self.check('TRIGGERS_FIRE' in text and 'fires' in text, 'trigger: it is told', text)

    def partitions(self):
        """Rows of a partitioned table are taken by its name, and once."""
        if self.place.kind != 'postgresql':
            return
        tables = ('CREATE TABLE m (id int PRIMARY KEY, c text) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m FOR VALUES '
                  'FROM (0) TO (10); CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);'
                  'CREATE TABLE m3 PARTITION OF m2 FOR VALUES FROM (10) TO (15);')
        self.make('a', tables + "INSERT INTO m VALUES (1, 'a'), (2, 'b');")
        self.make('b', tables + "INSERT INTO m VALUES (1, 'x'), (11, 'y');")
        for names in ('m', 'm,m1', 'm3,m'):
            if self.prove('partitions.yaml', '--data', names) and names == 'm,m1':
                self.round_trip('partitions.yaml', ['m', 'm1', 'm3'], 'partitions')

    def hidden(self):
        """Rows that a role may not see are no empty table."""
        if self.place.kind != 'postgresql':
            return
        self.make('a', "CREATE TABLE t (k int PRIMARY KEY, o text); INSERT INTO t VALUES (1, 'x'), (2, 'y');"
                  "DROP ROLE IF EXISTS data_t_role; CREATE ROLE data_t_role LOGIN PASSWORD 'none';"
                  'GRANT SELECT ON t TO data_t_role; CREATE POLICY own ON t USING (k = 1);')
        url = self.place.url('a').replace('://%s' % self.place.user, '://data_t_role:none', 1)
        for sql, seen in (('ALTER TABLE t ENABLE ROW LEVEL SECURITY;', 'row-level security'),
                          ('ALTER TABLE t DISABLE ROW LEVEL SECURITY; REVOKE ALL ON t FROM data_t_role;'
                           'GRANT SELECT (k) ON t TO data_t_role;', 'permission denied')):
            self.place.apply('a', sql)
            rc, out, err = self.snap.run('snapshot', url, '--data', 't', '-o', 'hidden.json', cwd=self.folder)
            self.check(rc == 3 and 'HIDDEN' in err and 'public.t' in err and seen in err, 'hidden rows: ' + seen, err)
        rc, out, err = self.snap.run('snapshot', self.place.url('a'), '--data', 't', cwd=self.folder)
        self.check(rc == 0 and out.count('/row:') == 2, 'who may see all rows gets them', out + err)
        self.place.apply('a', 'DROP OWNED BY data_t_role; DROP ROLE data_t_role;')

    def backfill(self):
        table = 'CREATE TABLE orders (id int NOT NULL PRIMARY KEY, note %s%s%s);'
        text = self.place.text
        self.make('a', table % (text, '', '') + "INSERT INTO orders VALUES (1, NULL), (2, 'kept');")
        self.make('b', table % (text, ' NOT NULL', ', state %s NOT NULL' % text))
        rc, out, err = self.snap.run('explain', self.place.url('a'), self.place.url('b'), cwd=self.folder)
        self.check('DATA_DEPENDENT' in out and '--backfill' in out, 'explain asks for it by name', out + err)
        rc, err = self.changelog('fill.yaml', '--backfill', "orders.state='open'", '--backfill', "orders.note='none'")
        if self.check(rc == 0 and 'proof:' in err, 'backfill: a proven changelog', err):
            self.deploy('update', 'a', 'fill.yaml')
            got = self.place.rows('a', 'orders', 'id,note,state')
            self.check('open' in str(got) and str(got).count('open') == 2 and 'none' in str(got) and 'kept' in str(got),
                       'rows get what was given', got)
            self.deploy('rollbackCount', 'a', 'fill.yaml', count=len(self.steps('fill.yaml')))
            self.check(len(self.place.rows('a', 'orders')) == 2 and 'open' not in str(self.place.rows('a', 'orders')),
                       'the column goes again', self.place.rows('a', 'orders'))
        rc, err = self.changelog('fill.yaml', '--backfill', "orders.state='open'", '--backfill', 'orders.id=7', '--no-verify')
        self.check(rc == 0 and '--backfill orders.id is not used' in err and 'state is' not in err, 'a value that is not used', err)
        if self.place.kind == 'postgresql':
            self.place.apply('b', 'CREATE SCHEMA other; CREATE TABLE other.orders (state text NOT NULL);')
            rc, err = self.changelog('fill.yaml', '--backfill', "orders.state='open'")
            self.check(rc == 2 and 'other.orders.state' in err and 'public.orders.state' in err, 'two columns of one name', err)
        rc, err = self.changelog('fill.yaml', '--backfill', 'orders.nowhere=1')
        self.check(rc == 2 and 'nowhere' in err, 'a column that is not there', err)

    def renames(self):
        """snap.yml names them; what is done already is no error."""
        self.make('a', "CREATE TABLE people (id int NOT NULL, nam %s, CONSTRAINT person_id PRIMARY KEY (id)); INSERT INTO people VALUES (1, 'Ada');" % self.place.text)
        self.make('b', "CREATE TABLE person (id int NOT NULL, name %s, CONSTRAINT person_id PRIMARY KEY (id)); INSERT INTO person VALUES (1, 'Ada'), (2, 'Grace');" % self.place.text)
        schema = 'public.' if self.place.kind == 'postgresql' else ''
        path = self.folder + '/snap.yml'
        was = open(path, encoding='utf8').read() if os.path.exists(path) else 'version: 1\n'
        with open(path, 'w', encoding='utf8') as f:
            f.write(was + 'renames: [ "table %speople -> person", "column %sperson.nam -> name", "table %sold -> older" ]\n'
                    'data: [ person ]\n' % (schema, schema, schema))
        try:
            if self.prove('renames.yaml'):
                kinds = [k for s in self.steps('renames.yaml') for c in s['changes'] for k in c]
                self.check('renameTable' in kinds or self.place.kind == 'mysql' or 'sql' in kinds, 'renames', kinds)
                with open(self.folder + '/renames.yaml', encoding='utf8') as f:
                    text = f.read()
                self.check('DROP TABLE' not in text and 'dropTable' not in text, 'nothing is dropped', text)
                self.deploy('update', 'a', 'renames.yaml')
                got, want = self.place.rows('a', 'person'), self.place.rows('b', 'person')
                self.check(got == want, 'rows under the new names', (got, want))
                rc, out, err = self.snap.run('diff', self.place.url('a'), self.place.url('b'), cwd=self.folder)
                self.check(rc == 0, 'entries that are done are no errors', out + err)
                self.deploy('rollbackCount', 'a', 'renames.yaml', count=len(self.steps('renames.yaml')))
                self.check(len(self.place.rows('a', 'people') or []) == 1, 'rows under the old names',
                           self.place.rows('a', 'people'))
        finally:
            with open(path, 'w', encoding='utf8') as f:
                f.write(was)

    # ---- random tables and rows ----

    def random_schema(self, r, extra):
        text = self.place.text
        return ('CREATE TABLE p (id int NOT NULL PRIMARY KEY, code %s NOT NULL UNIQUE, n %s%s%s);'
                'CREATE TABLE c (pid int NOT NULL, k %s NOT NULL, v int DEFAULT 7, PRIMARY KEY (pid, k), '
                'CONSTRAINT c_p FOREIGN KEY (pid) REFERENCES p (id));'
                % (text, self.place.number, ', was int' if extra & 1 else '', ', is_new int' if extra & 2 else '', text))

    def random_rows(self, r, extra):
        ids = r.sample(range(1, 12), r.randint(0, 8))
        codes = r.sample(['a', 'b', 'c', "d'", 'e;', 'f--', '$(g)', 'h\ni', 'j', 'k', 'l'], len(ids))

        def value(v):
            return 'NULL' if v is None else str(v) if isinstance(v, (int, float)) else "'%s'" % v.replace("'", "''")
        sql = ''
        for i, code in zip(ids, codes):
            row = [i, code, r.choice([None, 1, 2.5])] + [r.choice([None, 1, 2]) for bit in (1, 2) if extra & bit]
            sql += 'INSERT INTO p VALUES (%s);' % ', '.join(map(value, row))
        for i in ids:
            for k in r.sample(['x', 'y', 'z'], r.randint(0, 2)):
                sql += 'INSERT INTO c VALUES (%s);' % ', '.join(map(value, [i, k, r.choice([None, 7, 8])]))
        return sql

    def statements(self, step, back):
        out = []
        for change in step.get('rollback' if back else 'changes') or []:
            if 'sql' in change:
                out.append(change['sql']['sql'])
            elif 'empty' not in change:
                raise RuntimeError('a change that is no sql: %r' % change)
        return out

    def run_step(self, step, back):
        begin, end = {'sqlite': ('', '')}.get(self.place.kind, ('BEGIN;', 'COMMIT;'))
        sql = ''.join(s.rstrip().rstrip(';') + ';\n' for s in self.statements(step, back))
        return self.place.apply('a', begin + sql + end if self.place.family != 'mysql' else sql)

    def state(self, name):
        return {t: self.place.rows(name, t) for t in ('p', 'c')}

    def prefixes(self, seed):
        r = random.Random(seed)
        extras = r.choice([(0, 0), (0, 2), (1, 0), (1, 2)])
        self.make('a', self.random_schema(r, extras[0]) + self.random_rows(r, extras[0]))
        self.make('b', self.random_schema(r, extras[1]) + self.random_rows(r, extras[1]))
        rc, err = self.changelog('r.yaml', '--data', 'p,c', '--style', 'sql')
        if not self.check(rc == 0, 'seed %d: a changelog' % seed, err):
            return
        steps = self.steps('r.yaml')
        start, wanted = self.state('a'), self.state('b')
        for upto in range(1, len(steps) + 1):
            for i in range(upto):
                error = self.run_step(steps[i], False)
                self.check(not error, 'seed %d: step %d' % (seed, i + 1), error) if error else None
            if upto == len(steps):
                self.check(self.state('a') == wanted, 'seed %d: the wanted rows' % seed, (self.state('a'), wanted))
            for i in reversed(range(upto)):
                error = self.run_step(steps[i], True)
                self.check(not error, 'seed %d: step %d undone' % (seed, i + 1), error) if error else None
            self.check(self.state('a') == start, 'seed %d: %d steps and back' % (seed, upto), (self.state('a'), start))

    def run(self):
        parts = [self.animals, self.types, self.refused, self.order, self.elsewhere, self.partitions, self.hidden, self.backfill, self.renames]
        many = {'sqlite': (6, 200)}.get(self.place.kind, (2, 40))[self.full]
        parts += [lambda seed=seed: self.prefixes(seed) for seed in range(1, many + 1)]
        for part in parts:
            try:
                part()
            except Exception:
                self.check(False, 'the test itself', traceback.format_exc())
        self.lb.close()
        for name in self.made:
            self.place.drop(name)


def main():
    words = sys.argv[1:]
    chosen = tools.engines(words)
    program, build = os.path.abspath(words[0]), os.path.abspath(words[1])
    checks = tools.Checks()
    with tempfile.TemporaryDirectory(prefix='snap-data-') as folder:
        for kind, url in chosen:
            if kind == 'sqlite' and '--servers' in words:
                continue
            place, before = Server(kind, url) if url else Lite(folder), checks.n
            os.makedirs('%s/%s' % (folder, kind))
            Test(checks, tools.Snap(program), build, place, '%s/%s' % (folder, kind), '--full' in words).run()
            checks.check(checks.n - before >= 50, kind + ': too few checks were made', checks.n - before)
    print('%d checks of rows, %d failed' % (checks.n, checks.failed))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
