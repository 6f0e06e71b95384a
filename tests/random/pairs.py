#!/usr/bin/env python3
"""Random pairs of SQLite schemas: one state and a mutation of it, with everything SQLite's DDL has.

usage: pairs.py OUT_DIR COUNT [SEED]
Writes OUT_DIR/<seed>/{from.sql,to.sql,meta.json}. A pair that SQLite does not load is made again.
"""
import copy
import json
import os
import random
import sqlite3
import sys

TYPES = ['INTEGER', 'INT', 'text', 'TEXT', 'VARCHAR(20)', 'varchar (10)', 'NUMERIC(10,2)', 'REAL',
         'double precision', 'BLOB', 'BOOLEAN', 'datetime', '', 'DECIMAL(5)', 'bigint']
STRICT = ['INTEGER', 'INT', 'TEXT', 'REAL', 'BLOB', 'ANY']
WORDS = ['id', 'name', 'note', 'total', 'user_id', 'Status', 'createdAt', 'order', 'group', 'x y',
         'a"b', 'key', 'desc', 'Value', 'tags', 'kind', 'état', 'rowid_', 'oid', 'ref', 'amount',
         'flag', 'code', 'when', 'index']
TABLES = ['users', 'Orders', 'order items', 'group', 'logs', 'T1', 't2', 'tags', 'a"q', 'notes',
          'accounts', 'Select', 'événement']
RESERVED = set('order group when index select'.split())


def q(rng, name):
    plain = name.replace('_', 'a').isalnum() and name.isascii() and not name[0].isdigit()
    if plain and name.lower() not in RESERVED and rng.random() < .6:
        return name
    forms = ['"%s"' % name.replace('"', '""')]
    if '"' not in name:
        forms += ['`%s`' % name, '[%s]' % name]
    return rng.choice(forms)


def dq(name):
    return '"%s"' % name.replace('"', '""')


class Column:
    def __init__(self, rng, name, strict):
        self.name = name
        self.type = rng.choice(STRICT if strict else TYPES)
        self.notnull = rng.random() < .3
        self.conflict = rng.choice(['', '', '', ' ON CONFLICT IGNORE', ' ON CONFLICT REPLACE'])
        self.default = rng.choice([None, None, None, '0', "'x'", 'NULL', '-1', '(1+2)',
                                   'CURRENT_TIMESTAMP', '+2.5', "x'00'", "('a''b')", 'true'])
        if strict and self.default is not None:
            self.default = rng.choice(['NULL', None])
        self.collate = rng.choice([None, None, None, None, 'NOCASE', 'rtrim', 'BINARY'])
        self.generated = None
        self.stored = False
        self.unique = rng.random() < .08
        self.check = None
        self.fk = None
        self.cname = rng.random() < .15

    def sql(self, rng):
        s = q(rng, self.name) + (' ' + self.type if self.type else '')
        parts = []
        name = lambda w: 'CONSTRAINT %s ' % q(rng, w + '_' + self.name.replace('"', '')) if self.cname else ''
        if self.notnull:
            parts.append(name('nn') + 'NOT NULL' + self.conflict)
        elif rng.random() < .05:
            parts.append('NULL')
        if self.default is not None and not self.generated:
            parts.append('DEFAULT ' + self.default)
        if self.collate:
            parts.append('COLLATE ' + self.collate)
        if self.generated:
            parts.append(rng.choice(['GENERATED ALWAYS ', '']) + 'AS (%s)' % self.generated +
                         (' STORED' if self.stored else rng.choice(['', ' VIRTUAL'])))
        if self.unique and not self.generated:
            parts.append(name('uq') + 'UNIQUE')
        if self.check:
            parts.append(name('ck') + 'CHECK (%s)' % self.check)
        if self.fk:
            parts.append(self.fk)
        rng.shuffle(parts)
        if self.fk in parts:  # DEFERRABLE belongs behind its own key
            parts.remove(self.fk)
            parts.append(self.fk)
        comment = rng.choice(['', '', '', ' /* c */', ' -- c\n '])
        return ' '.join([s] + parts) + comment


class Table:
    def __init__(self, rng, name, others):
        self.name = name
        self.strict = rng.random() < .15
        self.pk = rng.choice(['none', 'rowid', 'rowid', 'auto', 'text', 'pair', 'desc'])
        self.without = self.pk in ('text', 'pair') and rng.random() < .4
        names = rng.sample(WORDS, rng.randint(2, 7))
        self.columns = [Column(rng, n, self.strict) for n in names]
        self.extra = []
        first = self.columns[0]
        if self.pk in ('rowid', 'auto', 'desc'):
            first.type, first.default, first.unique = 'INTEGER', None, False
            first.notnull = False
        self.fks(rng, others)
        self.generate(rng)
        self.constraints(rng)

    def plain(self):
        return [c for c in self.columns if not c.generated]

    def fks(self, rng, others):
        for c in self.columns[1:]:
            if others and rng.random() < .2:
                o = rng.choice(others + [self])
                ref = '' if rng.random() < .4 else '(%s)' % q(rng, o.columns[0].name)
                act = rng.choice(['', ' ON DELETE CASCADE', ' ON UPDATE SET NULL',
                                  ' ON DELETE NO ACTION', ' MATCH FULL'])
                act += rng.choice(['', '', ' DEFERRABLE INITIALLY DEFERRED', ' NOT DEFERRABLE'])
                c.fk = 'REFERENCES %s%s%s' % (q(rng, o.name), ref, act)

    def generate(self, rng):
        if len(self.columns) > 2 and rng.random() < .25:
            c = self.columns[-1]
            base = self.columns[1]
            if base is not c:
                c.generated = '%s || 1' % q(rng, base.name)
                c.stored = rng.random() < .4
                c.fk, c.unique, c.default, c.check = None, False, None, None
                if self.strict:
                    c.type = 'ANY'
                c.notnull = False

    def constraints(self, rng):
        cols = self.plain()
        for c in cols[1:]:
            if rng.random() < .12:
                c.check = rng.choice(['%s <> 77', '%s IS NULL OR length(%s) < 90',
                                      "%s NOT IN ('No', \"never\")"]).replace('%s', q(rng, c.name))
        if rng.random() < .2:
            a = rng.sample(cols, min(2, len(cols)))
            self.extra.append('UNIQUE (%s)' % ', '.join(q(rng, c.name) for c in a))
        if rng.random() < .2:
            c = rng.choice(cols)
            own = '%s.' % q(rng, self.name) if rng.random() < .2 else ''
            self.extra.append('CONSTRAINT %s CHECK (%s%s IS NOT 99)' %
                              (q(rng, 'ck_' + str(rng.randint(1, 9))), own, q(rng, c.name)))

    def sql(self, rng):
        body = []
        for i, c in enumerate(self.columns):
            s = c.sql(rng)
            if i == 0 and self.pk in ('rowid', 'auto', 'desc'):
                comment = ''
                s = q(rng, c.name) + ' INTEGER PRIMARY KEY' + \
                    {'rowid': '', 'auto': ' AUTOINCREMENT', 'desc': ' DESC'}[self.pk] + comment
            body.append(s)
        if self.pk == 'text':
            body.append('PRIMARY KEY (%s)' % q(rng, self.plain()[0].name))
        if self.pk == 'pair':
            body.append('CONSTRAINT pk PRIMARY KEY (%s)' %
                        ', '.join(q(rng, c.name) + rng.choice(['', ' DESC', ' COLLATE NOCASE'])
                                  for c in self.plain()[:2]))

        body += self.extra
        tail = [w for w, on in (('WITHOUT ROWID', self.without), ('STRICT', self.strict)) if on]
        sep = rng.choice([',\n  ', ', ', ',\n\t'])
        return '%s %s%s (\n  %s\n) %s' % (
            rng.choice(['CREATE TABLE', 'create table', 'CREATE TABLE IF NOT EXISTS']),
            rng.choice(['', '', 'main.']), q(rng, self.name), sep.join(body), ', '.join(tail))


class Schema:
    def __init__(self, rng):
        self.tables = []
        self.others = []  # (kind, name, table, sql)
        for name in rng.sample(TABLES, rng.randint(1, 5)):
            self.tables.append(Table(rng, name, list(self.tables)))
        for i in range(rng.randint(0, 6)):
            self.add_other(rng)

    def add_other(self, rng):
        kind = rng.choice(['index', 'index', 'view', 'trigger', 'instead', 'fts', 'rtree'])
        n = rng.randint(1, 30)
        t = rng.choice(self.tables) if self.tables else None
        if not t:
            return
        c = rng.choice(t.plain())
        if kind == 'index':
            terms = rng.sample(t.columns, min(len(t.columns), rng.randint(1, 2)))
            s = ', '.join(q(rng, x.name) + rng.choice(['', '', ' DESC', ' ASC', ' COLLATE NOCASE'])
                          for x in terms)
            if rng.random() < .2:
                s = 'lower(%s)' % q(rng, c.name)
            where = ' WHERE %s IS NOT NULL' % q(rng, c.name) if rng.random() < .25 else ''
            self.others.append(('index', 'ix%d' % n, t.name, 'CREATE %sINDEX %s ON %s (%s)%s' % (
                rng.choice(['', '', '', 'UNIQUE ']), q(rng, 'ix%d' % n), q(rng, t.name), s, where)))
        elif kind == 'view':
            src = rng.choice([t.name] + [o[1] for o in self.others if o[0] == 'view'])
            self.others.append(('view', 'v%d' % n, src, 'CREATE VIEW %s AS SELECT %s FROM %s AS Z%s' % (
                q(rng, 'v%d' % n), rng.choice(['*', 'count(*) AS N', '1 AS One, \'Lit\' AS b']),
                q(rng, src), rng.choice(['', ' WHERE 1', ' -- all\n LIMIT 5']))))
        elif kind == 'trigger':
            o = rng.choice(self.tables)
            ev = rng.choice(['AFTER INSERT', 'BEFORE DELETE', 'AFTER UPDATE OF ' + q(rng, c.name), 'INSERT'])
            when = ' WHEN NEW.%s IS NOT NULL' % q(rng, c.name) if 'DELETE' not in ev and rng.random() < .4 else ''
            self.others.append(('trigger', 'tr%d' % n, t.name,
                                'CREATE TRIGGER %s %s ON %s%s%s BEGIN UPDATE %s SET %s = %s WHERE 0; SELECT CASE WHEN 1 THEN 2 END; END' % (
                                    q(rng, 'tr%d' % n), ev, q(rng, t.name), rng.choice(['', ' FOR EACH ROW']), when,
                                    q(rng, o.name), q(rng, o.plain()[-1].name), q(rng, o.plain()[-1].name))))
        elif kind == 'instead':
            vs = [o for o in self.others if o[0] == 'view']
            if vs:
                v = rng.choice(vs)
                self.others.append(('trigger', 'ti%d' % n, v[1], 'CREATE TRIGGER %s INSTEAD OF INSERT ON %s BEGIN SELECT 1; END' % (
                    q(rng, 'ti%d' % n), q(rng, v[1]))))
        elif kind == 'fts':
            self.others.append(('fts', 'f%d' % n, '', 'CREATE VIRTUAL TABLE f%d USING fts5(%s)' % (
                n, rng.choice(['a, b', 'a, b UNINDEXED', "a, tokenize = 'porter'", 'a, b, c']))))
        else:
            self.others.append(('rtree', 'r%d' % n, '', 'CREATE VIRTUAL TABLE r%d USING rtree(%s)' % (
                n, rng.choice(['id, x0, x1', 'id, x0, x1, y0, y1', 'id, x0, x1, +note']))))
        names = [o[1] for o in self.others[:-1]]
        if self.others and self.others[-1][1] in names:
            self.others.pop()

    def sql(self, rng):
        parts = [t.sql(rng) for t in self.tables]
        return ';\n'.join(parts + [o[3] for o in self.others]) + ';\n'

    def mutate(self, rng):
        """Sometimes a change breaks a view or trigger: that is legal and must be handled too."""
        for _ in range(rng.randint(0, 5)):
            what = rng.randint(0, 13)
            t = rng.choice(self.tables) if self.tables else None
            if what == 0:
                free = [n for n in TABLES if n not in [x.name for x in self.tables]]
                if free:
                    self.tables.append(Table(rng, rng.choice(free), list(self.tables)))
            elif what == 1 and len(self.tables) > 1:
                self.tables.remove(t)
                self.others = [o for o in self.others if o[2] != t.name or o[0] == 'view']
            elif what == 2 and t:
                free = [n for n in WORDS if n.lower() not in [c.name.lower() for c in t.columns]]
                t.columns.insert(rng.randint(1, len(t.columns)), Column(rng, rng.choice(free), t.strict))
            elif what == 3 and t and len(t.columns) > 2:
                c = rng.choice(t.columns[1:])
                if not any(c.name in s for s in t.extra) and t.pk != 'pair' and \
                        not any(c.name in (x.generated or '') for x in t.columns):
                    t.columns.remove(c)
                    self.others = [o for o in self.others if o[0] == 'view' or
                                   c.name.replace('"', '""') not in o[3]]
            elif what == 4 and t:
                c = rng.choice(t.columns[1:])
                c.type = rng.choice(STRICT if t.strict else TYPES)
            elif what == 5 and t:
                c = rng.choice(t.columns[1:])
                c.notnull = not c.notnull and not c.generated
            elif what == 6 and t:
                c = rng.choice(t.columns[1:])
                if not c.generated and not t.strict:
                    c.default = rng.choice([None, '7', "'new'", 'CURRENT_DATE'])
            elif what == 7 and t:
                t.extra = [s for s in t.extra if rng.random() < .5]
                t.constraints(rng)
            elif what == 8 and self.others:
                self.others.remove(rng.choice(self.others))
            elif what == 9:
                self.add_other(rng)
            elif what == 10 and t:
                t.strict = False
                t.without = not t.without and t.pk in ('text', 'pair')
            elif what == 11 and t:
                old = t.name
                t.name = old if not old.isascii() else rng.choice([old.lower(), old.upper()])
            elif what == 12 and t:
                c = rng.choice(t.columns)
                if c.name.isascii():
                    c.name = rng.choice([c.name.lower(), c.name.upper()])
            elif what == 13 and t:
                c = rng.choice(t.columns[1:])
                c.unique = not c.unique and not c.generated


def loads(sql):
    try:
        sqlite3.connect(':memory:').executescript(sql)
        return True
    except sqlite3.Error:
        return False


def pair(seed):
    rng = random.Random(seed)
    while True:
        a = Schema(rng)
        b = copy.deepcopy(a)
        b.mutate(rng)
        if rng.random() < .15:
            b = Schema(rng)
        x, y = a.sql(rng), b.sql(rng)
        if loads(x) and loads(y):
            return x, y


def main():
    out, count = sys.argv[1], int(sys.argv[2])
    start = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for seed in range(start, start + count):
        d = '%s/%06d' % (out, seed)
        os.makedirs(d, exist_ok=True)
        x, y = pair(seed)
        for name, text in (('from.sql', x), ('to.sql', y), ('meta.json', json.dumps({'roles': []}))):
            with open('%s/%s' % (d, name), 'w', encoding='utf8') as f:
                f.write(text)


if __name__ == '__main__':
    main()
