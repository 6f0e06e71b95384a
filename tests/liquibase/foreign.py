#!/usr/bin/env python3
"""Products that snap knows through Liquibase snapshots only, held against the real Liquibase.

usage: foreign.py BUILD [--accept]

SQL Server and Oracle: no server is here. Snapshots of 50 objects and more (foreign_schemas.py) give
the diffs and changelogs that a person has read (foreign/), both versions of Liquibase take each
changelog, and the SQL that they make of it holds what it should, ahead and back, in order.

H2 and HSQLDB, in memory: the changelog is applied and rolled back by Liquibase. Its own snapshot is
then the wanted one to snap, and INFORMATION_SCHEMA, read by a program that knows neither, says so too.

BUILD holds snap and liquibase/ (setup.sh). The last line counts the checks.
"""
import os
import re
import subprocess
import sys
import tempfile

import foreign_memory as memory
import foreign_schemas as schemas
from tools import ROOT, Checks, Liquibase, Snap

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, 'foreign')
VERSIONS = ('4.28.0', '5.0.4')

# What the SQL of a changelog must hold: in this order, ahead and back.
EXPECTED = {
    'mssql': {
        'updateSql': [
            'DROP PROCEDURE', 'ALTER TABLE Lines DROP CONSTRAINT FK_Lines_Products',
            'ALTER TABLE Orders DROP CONSTRAINT FK_Orders_Customers',
            'DROP INDEX IX_Customers_Name ON Customers',
            'ALTER TABLE Customers DROP CONSTRAINT UQ_Customers_Email',
            'ALTER TABLE Orders DROP COLUMN Note',
            'ALTER SEQUENCE OrderNo INCREMENT BY 5', 'CREATE SEQUENCE RefundNo AS int START WITH 1',
            'CREATE TABLE Refunds (Id int IDENTITY (1, 1) NOT NULL, OrderId bigint NOT NULL, '
            'Why nvarchar(MAX), At time(3))',
            'ALTER TABLE Customers ALTER COLUMN Name nvarchar(80)',
            'ALTER TABLE Customers ALTER COLUMN Name nvarchar(80) NOT NULL',
            'ALTER TABLE Customers ALTER COLUMN Email varchar(200) NOT NULL',
            'ALTER TABLE Customers ALTER COLUMN Created datetime2(3)',
            'ALTER TABLE Customers ALTER COLUMN Created datetime2(3) NOT NULL',
            'ADD CONSTRAINT DF_Customers_Created DEFAULT GETDATE() FOR Created',
            'ALTER TABLE Customers ADD Score decimal(5, 2) CONSTRAINT DF_Customers_Score '
            'DEFAULT 1.5 NOT NULL',
            'ALTER TABLE Lines ALTER COLUMN Amount int NULL',
            'ALTER TABLE Orders ALTER COLUMN Status varchar(20)',
            "ADD CONSTRAINT DF_Status_X DEFAULT 'open' FOR Status",
            'ALTER TABLE Orders ADD Placed datetimeoffset',
            'ALTER TABLE Refunds ADD CONSTRAINT PK_Refunds PRIMARY KEY CLUSTERED (Id)',
            'ALTER TABLE Customers ADD CONSTRAINT UQ_Customers_Email UNIQUE (Email)',
            'ALTER TABLE Refunds ADD CONSTRAINT UQ_Refunds_Order UNIQUE (OrderId)',
            'CREATE NONCLUSTERED INDEX IX_Customers_Name ON Customers(Name)',
            'CREATE UNIQUE NONCLUSTERED INDEX IX_Orders_Status ON Orders(Status, CustomerId DESC)',
            'ALTER TABLE Orders ADD CONSTRAINT FK_Orders_Customers FOREIGN KEY (CustomerId) '
            'REFERENCES Customers (Id)',
            'REFERENCES Orders (Id) ON DELETE CASCADE',
            'CREATE VIEW dbo.Back AS', 'CREATE PROCEDURE', 'DROP TABLE Old'],
        'futureRollbackSql': [
            'CREATE TABLE Old (Id int NOT NULL, X char(3))',
            'ALTER TABLE Old ADD CONSTRAINT PK_Old PRIMARY KEY CLUSTERED (Id)', 'DROP VIEW Back',
            'ALTER TABLE Orders DROP COLUMN Placed',
            "ADD CONSTRAINT DF_Status_X DEFAULT 'new' FOR Status", 'DROP COLUMN Score',
            'ALTER COLUMN Created datetime2 NOT NULL', 'ALTER COLUMN Email varchar(200) NULL',
            'ALTER COLUMN Name nvarchar(50) NOT NULL', 'DROP TABLE Refunds',
            'DROP SEQUENCE RefundNo', 'ALTER SEQUENCE OrderNo INCREMENT BY 1',
            'ALTER TABLE Orders ADD Note nvarchar(100)',
            'ADD CONSTRAINT UQ_Customers_Email UNIQUE (Email)',
            'REFERENCES Customers (Id) ON DELETE CASCADE', 'REFERENCES Products (Id)',
            'CREATE PROCEDURE'],
    },
    'oracle': {
        'updateSql': [
            'DROP PROCEDURE TOUCH', 'ALTER TABLE LINES DROP CONSTRAINT FK_LINES_PRODUCTS',
            'DROP COLUMN NOTE', 'ALTER SEQUENCE ORDER_NO INCREMENT BY 5 ORDER CACHE 50',
            'CREATE SEQUENCE REFUND_NO START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9999',
            "COMMENT ON TABLE CUSTOMERS IS 'buyers'", 'CREATE TABLE REFUNDS (ID NUMBER(10)',
            'WHY CLOB', 'ALTER TABLE CUSTOMERS MODIFY NAME VARCHAR2(80 BYTE)',
            'ALTER TABLE CUSTOMERS MODIFY EMAIL NOT NULL',
            "ALTER TABLE CUSTOMERS MODIFY ACTIVE DEFAULT 'N'",
            'ALTER TABLE CUSTOMERS ADD SCORE NUMBER(5, 2) DEFAULT 1.5 NOT NULL',
            'ALTER TABLE LINES MODIFY AMOUNT NULL',
            'ALTER TABLE ORDERS MODIFY STATUS DEFAULT NULL',
            'ALTER TABLE ORDERS MODIFY STATUS VARCHAR2(20 BYTE)',
            'ALTER TABLE ORDERS MODIFY TOTAL NUMBER(14, 2)',
            'ALTER TABLE ORDERS ADD PLACED TIMESTAMP(3) WITH TIME ZONE',
            'ALTER TABLE REFUNDS ADD CONSTRAINT PK_REFUNDS PRIMARY KEY (ID)',
            'CREATE UNIQUE INDEX IX_ORDERS_STATUS ON ORDERS(STATUS, CUSTOMER_ID DESC)',
            'REFERENCES ORDERS (ID) DEFERRABLE', 'CREATE OR REPLACE VIEW ACTIVE',
            'CREATE OR REPLACE PROCEDURE', 'DROP TABLE OLD'],
        'futureRollbackSql': [
            "CREATE TABLE OLD (ID NUMBER(10) NOT NULL, X CHAR(3 BYTE))", 'DROP VIEW BACK',
            'DROP COLUMN PLACED', 'MODIFY TOTAL NUMBER(12, 2)', 'MODIFY STATUS VARCHAR2(10 BYTE)',
            "MODIFY STATUS DEFAULT 'new'", 'MODIFY AMOUNT NOT NULL', 'DROP COLUMN SCORE',
            "MODIFY ACTIVE DEFAULT 'Y'", 'MODIFY EMAIL NULL', 'MODIFY NAME VARCHAR2(50 BYTE)',
            'DROP TABLE REFUNDS', 'DROP SEQUENCE REFUND_NO',
            'ALTER SEQUENCE ORDER_NO INCREMENT BY 1', 'ADD NOTE VARCHAR2(100 BYTE)',
            'ON DELETE CASCADE', 'REFERENCES PRODUCTS (ID)', 'CREATE OR REPLACE PROCEDURE'],
    },
}


def plain(text):
    """SQL on one line: the two versions differ in blanks and in brackets around plain names."""
    text = re.sub(r'^--.*$', '', text, flags=re.M)
    text = re.sub(r'[\[\]"]', '', re.sub(r'\s+', ' ', text))
    return re.sub(r'\b(dbo|SHOP|null)\.(?=[A-Za-z])', '', text)


def holds(sql, words):
    """'' or the first of the words that does not stand behind those before it."""
    at, text = 0, plain(sql)
    for w in words:
        found = text.find(plain(w), at)
        if found < 0:
            return '%r behind %r' % (w, text[max(0, at - 60):at])
        at = found + 1
    return ''


def golden(c, name, text, accept):
    path = os.path.join(GOLDEN, name)
    if accept:
        os.makedirs(GOLDEN, exist_ok=True)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
    want = open(path, encoding='utf8').read() if os.path.exists(path) else ''
    c.equal(text, want, name)


class Place:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name):
        return os.path.join(self.folder, name)


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


def written(c, snap, at, product, accept):
    """What snap writes of a pair; the real Liquibase is not asked."""
    for kind in ('', '_pro'):
        a, b = ('%s%s_%s.json' % (product, kind, x) for x in 'ab')
        for schema, name in zip(schemas.PAIRS[product], (a, b)):
            n = schemas.snapshot(schema, at(name), pro=bool(kind))
            c.check(n >= 30, '%s holds at least 30 objects' % name, n)
        rc, text, err = snap.run('diff', a, b, cwd=at.folder)
        c.equal((rc, err), (1, ''), '%s: the diff ends with 1' % a)
        golden(c, '%s%s.diff.txt' % (product, kind), text, accept)
        out = '%s%s.yaml' % (product, kind)
        rc, _, err = snap.run('changelog', a, b, '-o', out, '--author', 'golden', cwd=at.folder)
        c.equal(rc, 0, '%s: the changelog is written (%s)' % (a, err))
        c.check('proof: none, snap has no server of this kind' in err, 'it says that nothing is proven',
                err)
        c.check(read(at(out)).startswith('# proof: none, '), 'the file says so too')
        golden(c, out, read(at(out)), accept)
        schemas.snapshot(schemas.PAIRS[product][0], at('same.json'), pro=bool(kind))
        rc, text, _ = snap.run('diff', a, 'same.json', cwd=at.folder)
        c.equal(rc, 0, '%s equals itself' % a)


def refused(c, snap, at, product):
    """What cannot be is refused by name."""
    a, b = at('%s_a.json' % product), at('%s_b.json' % product)
    rc, _, err = snap.run('changelog', a, b, '-o', at('x.sql'), '--format', 'sql')
    c.check(rc == 2 and 'UNKNOWN_FORMAT' in err, '%s: no script of SQL' % product, err)
    rc, _, err = snap.run('changelog', a, b, '-o', at('fly'), '--format', 'flyway')
    c.check(rc == 2 and 'UNKNOWN_FORMAT' in err, '%s: no Flyway' % product, err)
    rc, _, err = snap.run('changelog', a, b, '-o', at('x.yaml'), '--evidence', at('x.json'))
    c.check(rc == 3 and 'CANNOT_VERIFY' in err and not os.path.exists(at('x.json')),
            '%s: no proof, no evidence' % product, err)
    for url in {'mssql': ('mssql://h/db', 'sqlserver://h/db',
                          'jdbc:sqlserver://h;user=sa;password=hunter2'),
                'oracle': ('oracle://h/db', 'jdbc:oracle:thin:sa/hunter2@//h:1521/x')}[product]:
        rc, _, err = snap.run('diff', url, a)
        c.check(rc == 3 and 'NO_DRIVER' in err and 'liquibase snapshot --url=jdbc:' in err and
                'offline:%s?snapshot=' % product in err and 'hunter2' not in err,
                '%s: no driver, and how else' % url, err)
    rc, _, err = snap.run('diff', 'offline:%s?snapshot=%s' % (product, a),
                          'offline:%s?snapshot=%s' % (product, b))
    c.equal(rc, 1, '%s: Liquibase\'s own spelling' % product)
    other = 'oracle' if product == 'mssql' else 'mssql'
    rc, _, err = snap.run('diff', 'offline:%s?snapshot=%s' % (other, a), b)
    c.check(rc == 3 and 'ENGINE_MISMATCH' in err, 'a file of another product', err)


def judged(c, liquibase, at, product):
    """The real Liquibase takes the changelog, and makes the SQL of it that it should."""
    for command, words in EXPECTED[product].items():
        out = at('%s.%s.sql' % (product, command))
        url = 'offline:%s?changeLogFile=%s&outputLiquibaseSql=none' % (
            product, at('%s.%s.%s.csv' % (product, command, liquibase.version)))
        what = '%s %s %s' % (liquibase.version, product, command)
        said = liquibase.run(command, dir=at.folder, url=url, changelogFile=product + '.yaml', out=out)
        if c.equal(said, '', what):
            c.equal(holds(read(out), words), '', what)


class Memory:
    """A database of one product in the JVM of a Liquibase."""

    def __init__(self, liquibase, product, name, at):
        self.liquibase, self.product, self.at = liquibase, product, at
        self.name = '%s_%s_%s' % (product, name, liquibase.version.replace('.', '_'))
        self.url = memory.URLS[product] % self.name

    def build(self, script):
        for sql in script.split(';\n'):
            if sql.strip():
                said = self.liquibase.run('jdbc', url=self.url, sql=sql.strip())
                assert not said, '%s: %s: %s' % (self.name, sql, said)

    def rows(self, sql):
        out = self.at(self.name + '.rows')
        said = self.liquibase.run('jdbc', url=self.url, sql=sql, out=out)
        assert not said, '%s: %s: %s' % (self.name, sql, said)
        return sorted(read(out).split('\n'))

    def observed(self):
        """What INFORMATION_SCHEMA says; columns as a set, since their order cannot come back."""
        queries = dict(memory.QUERIES, **memory.MORE[self.product])
        return {name: self.rows(sql) for name, sql in queries.items()}

    def run(self, command, **more):
        return self.liquibase.run(command, dir=self.at.folder, url=self.url, **more)

    def snapshot(self, name):
        said = self.run('snapshot', snapshotFormat='json', out=self.at(name))
        assert not said, said
        return self.at(name)


def applied(c, snap, liquibase, at, product):
    """A changelog of snap is applied and rolled back on a database of the product."""
    what = '%s %s' % (liquibase.version, product)
    one, two = (Memory(liquibase, product, name, at) for name in ('one', 'two'))
    one.build(memory.FROM)
    two.build(memory.TO)
    first, wanted = one.observed(), two.observed()
    a, b = one.snapshot(one.name + '_a.json'), two.snapshot(two.name + '_b.json')
    c.check(first != wanted, what + ': the two differ')
    out = '%s.yaml' % one.name
    rc, _, err = snap.run('changelog', a, b, '-o', at(out), '--author', 'me')
    if not c.check(rc == 0 and 'proof: none' in err, what + ': the changelog is written', err):
        return
    c.check('dbms: "%s"' % product in read(at(out)), what + ': changeSets are for the product')
    if not c.equal(one.run('update', changelogFile=out), '', what + ': applied'):
        return
    reached = one.observed()
    for part, rows in wanted.items():
        c.equal(reached[part], rows, '%s: %s as wanted' % (what, part))
    rc, text, err = snap.run('diff', one.snapshot(one.name + '_c.json'), b)
    c.equal((rc, err), (0, ''), '%s: snap sees the wanted state: %s' % (what, text))
    count = read(at(out)).count('- changeSet:')
    said = one.run('rollbackCount', changelogFile=out, count=count)
    if not c.equal(said, '', what + ': rolled back'):
        return
    back = one.observed()
    for part, rows in first.items():
        c.equal(back[part], rows, '%s: %s as before' % (what, part))
    rc, text, err = snap.run('diff', one.snapshot(one.name + '_d.json'), a)
    c.equal((rc, err), (0, ''), '%s: snap sees the first state: %s' % (what, text))
    c.equal(one.rows('SELECT name FROM customers'), ['', 'ann'], what + ': the rows stay')


def main():
    build, accept = os.path.abspath(sys.argv[1]), '--accept' in sys.argv
    c, snap = Checks(), Snap(os.environ.get('SNAP', os.path.join(build, 'snap')))
    with tempfile.TemporaryDirectory() as folder:
        at = Place(folder)
        for product in schemas.PAIRS:
            written(c, snap, at, product, accept)
            refused(c, snap, at, product)
        for version in VERSIONS:
            liquibase = Liquibase(build, version, at('jvm' + version),
                                  os.path.join(build, 'liquibase', 'memory'))
            for product in schemas.PAIRS:
                judged(c, liquibase, at, product)
            for product in memory.URLS:
                applied(c, snap, liquibase, at, product)
            liquibase.close()
    print('foreign: %d checks, %d failed' % (c.n, c.failed))
    sys.exit(1 if c.failed else 0)


if __name__ == '__main__':
    main()
