"""Random DDL for a live MySQL or MariaDB database: what is changed is chosen from its catalogs.

Each function under @mutation takes the session and the random numbers and gives a statement, a list of
them, or None. What the server refuses is passed by. Half of the time a table that was chosen once is
chosen again, since it is changes that meet which go wrong.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'live'))
from mysql import quoted, unescaped  # noqa: E402

MUTATIONS = []  # (weight, function)
MARK = 'end of the answer \x1e'
NAMES = ['n1', 'n2', 'n3', 'N "x"', 'order', 'kind', 'état', 'b c', 'a', 'b', 'id']
EXPRESSIONS = ['NULL', "''", "'NULL'", '0', '1', "'a''b'"]
TYPES = {  # (defaults, a row's value by the number i)
    'int': (['0', '7', '(1 + 2)'], 'i'), 'int unsigned': (['0', '9'], 'i'), 'tinyint(1)': (['1'], 'i % 2'), 'smallint': (['-1'], 'i'),
    'bigint': (['0'], 'i'), 'bigint unsigned': (['1'], 'i'), 'mediumint(5) zerofill': (['5'], 'i'), 'decimal(8,2)': (['0', "'1.50'"], 'i + 0.5'),
    'double': (['0.5', '1e3'], 'i'), 'float': (['0'], 'i'), 'bit(4)': (["b'101'"], 'i'), 'char(5)': (["'c'", "''"], "concat('c', i)"),
    'varchar(20)': (["'x'", "'it''s \\\\ é'", "'NULL'", "''", '(uuid())'], "concat('r', i)"), 'varchar(100)': (["'y'"], "concat('v', i)"),
    'varbinary(20)': (["'b'"], "concat('r', i)"), 'binary(4)': (["'a\\0'"], "concat('r', i)"), 'text': (["('t')"], "concat('t', i)"),
    'tinytext': ([], "concat('t', i)"), 'mediumtext': ([], "concat('t', i)"), 'blob': ([], "concat('t', i)"), 'longblob': ([], "concat('t', i)"),
    "enum('a','b','c')": (["'a'"], "elt(1 + i % 2, 'a', 'b')"), "enum('b','a','it''s')": (["'b'"], "elt(1 + i % 2, 'a', 'b')"),
    "set('x','y')": (["'x,y'", "''"], "elt(1 + i % 2, 'x', 'y')"), 'date': (["'2020-01-31'", '(curdate())'], "date '2020-01-01' + interval i day"),
    'datetime': (['CURRENT_TIMESTAMP', "'2020-01-01 10:00:00'"], "'2020-01-01' + interval i hour"), 'datetime(3)': (['CURRENT_TIMESTAMP(3)'], "'2020-01-01' + interval i hour"),
    'timestamp': (['CURRENT_TIMESTAMP', "'2020-01-01 10:00:00'"], "'2020-01-01' + interval i hour"), 'timestamp(6)': (['CURRENT_TIMESTAMP(6)'], "'2020-01-01' + interval i hour"),
    'time(2)': (["'10:00:00'"], 'maketime(i, 0, 0)'), 'year': (["'2020'"], '2000 + i'), 'json': (["('[]')"], "json_array(i)"),
    'point': ([], 'point(i, i)'), 'geometry': ([], 'point(i, i)'), 'longtext': ([], "concat('t', i)"),
}
KINDS = {'mysql': ['vector(3)', 'point SRID 4326'], 'mariadb': ['uuid', 'inet6', 'int(4)', 'year(4)']}
TEXTS = re.compile(r'char|text|enum|set')
CHARSETS = ['latin1', 'utf8mb3', 'utf8mb4', 'ascii', 'utf8mb4 COLLATE utf8mb4_bin', 'utf8mb4 COLLATE utf8mb4_unicode_ci', 'latin1 COLLATE latin1_bin', 'utf8mb3 COLLATE utf8mb3_bin', 'binary']
ACTIONS = ['', '', ' ON DELETE CASCADE', ' ON DELETE SET NULL', ' ON DELETE RESTRICT', ' ON UPDATE CASCADE', ' ON DELETE NO ACTION ON UPDATE RESTRICT',
           ' ON UPDATE SET NULL', ' ON DELETE CASCADE ON UPDATE CASCADE']


class Session:
    """One client that stays; errors are answers."""

    def __init__(self, server, db):
        self.p = subprocess.Popen(server.client + ['--force', '--unbuffered', db], env=server.env, encoding='utf8', errors='surrogateescape',
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.maria, self.focus = server.kind == 'mariadb', None
        self.p.stdin.write('DELIMITER $snap$\n')
        self.ask('SET lock_wait_timeout = 5 /*M!100302 , system_versioning_alter_history = KEEP */')

    def ask(self, sql):
        """(answer, error)"""
        self.p.stdin.write("%s $snap$\nSELECT '%s' $snap$\n" % (sql, MARK))
        self.p.stdin.flush()
        got = ''
        while True:
            line = self.p.stdout.readline()
            if not line:
                raise RuntimeError('the client is gone: ' + got)
            if line.rstrip('\n') == MARK:
                break
            got += line
        return ('', got) if re.search(r'^ERROR (\d+|at line)', got, re.M) else (got, '')

    def rows(self, sql):
        got, error = self.ask(sql)
        if error:
            raise RuntimeError(error + sql)
        return [[unescaped(x) for x in line.split('\t')] for line in got.split('\n')[:-1]]

    def names(self, sql):
        return [x[0] for x in self.rows(sql)]

    def close(self):
        self.p.stdin.close()
        self.p.wait()
        self.p.stdout.close()

    def tables(self):
        return self.names("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1")

    def views(self):
        return self.names('SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1')

    def columns(self, table):
        """name, type, data type, null-able, key, extra, generated"""
        return self.rows("SELECT column_name, column_type, data_type, is_nullable, column_key, extra, coalesce(generation_expression, '') <> '' FROM "
                         "information_schema.columns WHERE table_schema = DATABASE() AND table_name = '%s' ORDER BY ordinal_position" % table.replace("'", "''"))

    def indexes(self, table):
        return self.names("SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = '%s' "
                          'ORDER BY 1' % table.replace("'", "''"))

    def constraints(self, kind):
        """table, name"""
        return self.rows("SELECT table_name, constraint_name FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND constraint_type = '%s' "
                         'ORDER BY 1, 2' % kind)

    def triggers(self):
        """name, table, timing, event"""
        return self.rows('SELECT trigger_name, event_object_table, action_timing, event_manipulation FROM information_schema.triggers WHERE '
                         'trigger_schema = DATABASE() ORDER BY 1')

    def routines(self):
        """name, type"""
        return self.rows("SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_type IN "
                         "('FUNCTION', 'PROCEDURE') ORDER BY 1, 2")

    def show(self, kind, name):
        return self.rows('SHOW CREATE %s %s' % (kind, quoted(name)))[0]

    def lines(self, table):
        """{column: its clause}"""
        return {m[1].replace('``', '`'): m[2] for m in re.finditer(r'^  `((?:[^`]|``)+)` (.*?),?$', self.show('TABLE', table)[1], re.M)}

    def table(self, rng):
        if self.focus not in self.tables() or rng.random() < .4:
            self.focus = one(rng, self.tables())
        return self.focus


def mutation(weight):
    return lambda f: MUTATIONS.append((weight, f)) or f


def one(rng, rows):
    return rng.choice(rows) if rows else None


def some(rng, rows, most):
    return rng.sample(rows, min(len(rows), rng.randint(1, most)))


def alter(table, *clauses):
    return 'ALTER TABLE %s %s' % (quoted(table), ', '.join(clauses))


def name(rng):
    return quoted(rng.choice(NAMES))


def a_type(s, rng):
    return rng.choice(KINDS['mariadb' if s.maria else 'mysql'] if rng.random() < .1 else list(TYPES))


def value(rng, kind):
    """A default that the type has, or none."""
    return rng.choice(TYPES.get(kind, ([], ''))[0] or ['NULL'])


def definition(s, rng, kind=None):
    kind = kind or a_type(s, rng)
    text = kind
    if TEXTS.search(kind) and rng.random() < .3:
        text += ' CHARACTER SET ' + rng.choice(CHARSETS)
    if 'SRID' in kind or rng.random() < .3:
        text += ' NOT NULL'
    if rng.random() < .4 and kind in TYPES:
        text += ' DEFAULT ' + value(rng, kind)
    if kind.startswith(('timestamp', 'datetime')) and rng.random() < .3:
        text += ' ON UPDATE CURRENT_TIMESTAMP' + ''.join(re.findall(r'\(.\)', kind))
    return text + rng.choice(['', '', '', '', " COMMENT 'it''s'", ' INVISIBLE', " COMMENT 'zwei\\né'"])


def expression(s, rng, table):
    c = one(rng, s.columns(table))
    q = c and quoted(c[0])
    return q and rng.choice(["concat(%s, 'é''x')", 'coalesce(%s, 1)', '%s + 1', 'length(%s) > 2', "upper(%s) = 'X' or %s is null", '(%s * 2) - 1', 'case when %s then 1 else 2 end',
                             '%s in (1, 2)', "%s like 'a%%'", 'left(%s, 3)']).replace('%s', q).replace('%%', '%')


def generated(s, rng, table):
    e = expression(s, rng, table)
    return e and '%s GENERATED ALWAYS AS (%s) %s' % (rng.choice(['int', 'varchar(90)', 'bigint', 'text']), e, rng.choice(['VIRTUAL', 'STORED']))


def place(s, rng, table):
    return rng.choice(['', '', ' FIRST', ' AFTER ' + quoted(rng.choice(s.columns(table))[0])])


def part(rng, c):
    text = quoted(c[0])
    if re.search('text|blob|json', c[2]) or (re.search('char|binary', c[2]) and rng.random() < .2):
        text += '(4)'
    return text + rng.choice(['', '', '', ' DESC'])


def key(s, rng, table, word=None):
    """The clause of a new index."""
    cols = s.columns(table)
    word = word or rng.choice(['KEY', 'KEY', 'KEY', 'UNIQUE KEY', 'FULLTEXT KEY', 'SPATIAL KEY'])
    tail = rng.choice(['', '', '', " COMMENT 'k'", ' USING BTREE', ' IGNORED' if s.maria else ' INVISIBLE'])
    if word in ('FULLTEXT KEY', 'SPATIAL KEY'):
        cols = [c for c in cols if (re.search('char|text', c[2]) if word[0] == 'F' else c[2] in ('point', 'geometry') and c[3] == 'NO')]
        return cols and '%s %s (%s)%s' % (word, name(rng), quoted(rng.choice(cols)[0]), ' WITH PARSER ngram' if word[0] == 'F' and not s.maria and rng.random() < .3 else '')
    if rng.random() < .15 and not s.maria:
        return '%s %s ((%s))%s' % (word, name(rng), expression(s, rng, table), tail)
    return '%s %s (%s)%s' % (word, name(rng), ', '.join(part(rng, c) for c in some(rng, cols, 3)), tail)


# columns

def column_clause(s, rng, t):
    """One clause of ALTER TABLE about a column."""
    lines = s.lines(t)
    c, at = rng.choice(sorted(lines)), place(s, rng, t)
    what = rng.randrange(12)
    if what < 2:
        return 'ADD COLUMN %s %s%s' % (name(rng), definition(s, rng), at)
    if what < 3:
        return 'ADD COLUMN %s %s%s' % (name(rng), generated(s, rng, t), at)
    if what < 5:
        return 'DROP COLUMN ' + quoted(c)
    if what < 6:
        return 'MODIFY %s %s%s' % (quoted(c), definition(s, rng), at)
    if what < 7:
        return 'MODIFY %s %s%s' % (quoted(c), lines[c].replace('/*!80023 INVISIBLE */', ''), at)
    if what < 8:
        return 'RENAME COLUMN %s TO %s' % (quoted(c), name(rng))
    if what < 9:
        return 'CHANGE %s %s %s%s' % (quoted(c), name(rng), definition(s, rng) if rng.random() < .5 else lines[c], at)
    if what < 10:
        return 'ALTER COLUMN %s %s' % (quoted(c), rng.choice(['DROP DEFAULT', 'SET DEFAULT 0', "SET DEFAULT 'x'", 'SET DEFAULT NULL']))
    if what < 11 and 'NOT NULL' in lines[c]:
        return 'MODIFY %s %s' % (quoted(c), lines[c].replace(' NOT NULL', ' NULL', 1))
    return 'MODIFY %s %s' % (quoted(c), re.sub(" COMMENT '.*'", '', lines[c]) + rng.choice([" COMMENT 'new'", '']))


@mutation(22)
def column(s, rng):
    t = s.table(rng)
    return t and alter(t, column_clause(s, rng, t))


@mutation(6)
def several(s, rng):
    t = s.table(rng)
    return t and alter(t, *[rng.choice([column_clause, column_clause, key_clause])(s, rng, t) for _ in range(rng.randint(2, 4))])


@mutation(3)
def swap_columns(s, rng):
    t = s.table(rng)
    cols = [x[0] for x in s.columns(t)] if t else []
    if len(cols) < 2:
        return None
    a, b = (quoted(x) for x in rng.sample(cols, 2))
    return rng.choice([alter(t, 'RENAME COLUMN %s TO %s' % (a, b), 'RENAME COLUMN %s TO %s' % (b, a)),
                       [alter(t, 'DROP COLUMN ' + a), alter(t, 'RENAME COLUMN %s TO %s' % (b, a))]])


@mutation(4)
def widen(s, rng):
    """The same column with a type nearby."""
    t = s.table(rng)
    found = [(c, re.sub(r'^(\w+)(\([^)]*\))?', lambda m: kind, line)) for c, line in (s.lines(t) if t else {}).items() for old, kind in (
        ('int', 'bigint'), ('bigint', 'int'), ('varchar', 'varchar(300)'), ('varchar', 'varchar(63)'), ('varchar', 'text'), ('char', 'varchar(30)'), ('text', 'mediumtext'),
        ('tinyint', 'smallint'), ('decimal', 'decimal(12,3)'), ('datetime', 'timestamp'), ('timestamp', 'datetime'), ('enum', "enum('a','b','c','d')"),
        ('text', 'varchar(99)')) if line.startswith(old)]
    found = one(rng, found)
    return found and alter(t, 'MODIFY %s %s' % (quoted(found[0]), found[1]))


@mutation(3)
def both_types(s, rng):
    """Both ends of a foreign key get another type."""
    ends = one(rng, s.rows('SELECT table_name, column_name, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage WHERE '
                           'table_schema = DATABASE() AND referenced_table_schema = DATABASE() ORDER BY 1, 2, 3, 4'))
    lines = [s.lines(t).get(c, '') for t, c in ((ends[0], ends[1]), (ends[2], ends[3]))] if ends else []
    kind = rng.choice(['bigint', 'int', 'int unsigned', 'varchar(60)', 'varchar(20) CHARACTER SET latin1'])
    texts = [re.sub(r'^\w+(\([^)]*\))?( unsigned)?( CHARACTER SET \w+)?( COLLATE \w+)?', kind, x) for x in lines]
    return ends and ['SET foreign_key_checks = 0', *[alter(t, 'MODIFY %s %s' % (quoted(c), x)) for t, c, x in ((ends[0], ends[1], texts[0]), (ends[2], ends[3], texts[1]))],
                     '?SET foreign_key_checks = 1']


@mutation(5)
def generated_again(s, rng):
    """Another expression, the other way of keeping it, or none at all."""
    t = s.table(rng)
    found = one(rng, [(c, x) for c, x in s.lines(t).items() if ' GENERATED ALWAYS AS (' in x]) if t else None
    if not found:
        return t and alter(t, 'ADD COLUMN %s %s' % (name(rng), generated(s, rng, t)))
    q, text = quoted(found[0]), found[1]
    other = text.replace(' VIRTUAL', ' \0').replace(' STORED', ' VIRTUAL').replace(' \0', ' STORED')
    return rng.choice([alter(t, 'DROP COLUMN ' + q, 'ADD COLUMN %s %s%s' % (q, other, place(s, rng, t))), alter(t, 'MODIFY %s %s' % (q, generated(s, rng, t))),
                       alter(t, 'MODIFY %s %s' % (q, re.sub(r' GENERATED .*', '', text))), [alter(t, 'DROP COLUMN ' + q), alter(t, 'ADD COLUMN %s %s' % (q, definition(s, rng)))]])


# keys and constraints

def key_clause(s, rng, t):
    k = one(rng, [x for x in s.indexes(t) if x != 'PRIMARY'])
    what = rng.randrange(8)
    if not k or what < 3:
        return 'ADD %s' % key(s, rng, t)
    if what < 5:
        return 'DROP KEY ' + quoted(k)
    if what < 6:
        return 'RENAME KEY %s TO %s' % (quoted(k), name(rng))
    if what < 7:
        return 'ALTER INDEX %s %s' % (quoted(k), rng.choice(['IGNORED', 'NOT IGNORED'] if s.maria else ['INVISIBLE', 'VISIBLE']))
    return 'DROP KEY %s, ADD %s' % (quoted(k), re.sub(r'`(?:[^`]|``)+`', lambda _: quoted(k), key(s, rng, t) or '', count=1))


@mutation(14)
def index(s, rng):
    t = s.table(rng)
    return t and alter(t, key_clause(s, rng, t))


@mutation(3)
def index_options(s, rng):
    """The same index with other options."""
    t = s.table(rng)
    k = one(rng, re.findall(r'^  ((?:\w+ )?KEY `(?:[^`]|``)+` )(\(.*?\)) ?([^()]*?),?$', s.show('TABLE', t)[1], re.M)) if t else None
    if not k:
        return None
    q = k[0][k[0].index('`'):]
    more = rng.choice([' KEY_BLOCK_SIZE=4' if 'PARTITION BY' not in s.show('TABLE', t)[1] else '', " COMMENT 'other'", '', ' USING BTREE'] if k[0][0] != 'F' else ['', ' WITH PARSER ngram', " COMMENT 'f'"])
    return [alter(t, 'DROP KEY ' + q), alter(t, 'ADD %s%s%s' % (k[0], k[1], more))]


@mutation(5)
def primary_key(s, rng):
    t = s.table(rng)
    if not t:
        return None
    had = ['DROP PRIMARY KEY'] if 'PRIMARY' in s.indexes(t) else []
    what = rng.randrange(4)
    auto = [c for c in s.columns(t) if 'auto_increment' in c[5]]
    free = ['MODIFY %s %s' % (quoted(c[0]), s.lines(t)[c[0]].replace(' AUTO_INCREMENT', '')) for c in auto]
    if what == 0 and had:
        return alter(t, *(free if rng.random() < .7 else []), *had)
    if what == 1:
        return alter(t, *free, *had, 'ADD COLUMN %s bigint NOT NULL AUTO_INCREMENT%s' % (name(rng), place(s, rng, t)), 'ADD %s' % (
            rng.choice(['PRIMARY KEY (%s)', 'KEY (%s)', 'UNIQUE (%s)'])) % name(rng))
    if what == 2:
        c = one(rng, [c for c in s.columns(t) if 'int' in c[1] and not c[6] == '1'])
        return c and alter(t, *free, 'MODIFY %s %s NOT NULL AUTO_INCREMENT' % (quoted(c[0]), c[1]), *([] if c[4] == 'PRI' else had + ['ADD PRIMARY KEY (%s)' % quoted(c[0])]))
    return alter(t, *had, 'ADD PRIMARY KEY (%s)' % ', '.join(part(rng, c) for c in some(rng, s.columns(t), 2)))


@mutation(7)
def foreign_key(s, rng):
    t, p = s.table(rng), one(rng, s.tables())
    old = one(rng, s.constraints('FOREIGN KEY'))
    what = rng.random()
    if old and what < .3:
        return alter(old[0], 'DROP FOREIGN KEY ' + quoted(old[1]))
    if old and what < .5:
        text = re.search(r'^  (CONSTRAINT %s .*?),?$' % re.escape(quoted(old[1])), s.show('TABLE', old[0])[1], re.M)
        return text and [alter(old[0], 'DROP FOREIGN KEY ' + quoted(old[1])), alter(old[0], 'ADD ' + re.sub(r' ON (DELETE|UPDATE) (CASCADE|RESTRICT|SET NULL|NO ACTION)', '', text[1])
                                                                                   + rng.choice(ACTIONS))]
    if not t:
        return None
    keys = [k for k in s.indexes(p)]
    k = one(rng, keys)
    cols = s.rows("SELECT s.column_name, column_type FROM information_schema.statistics s JOIN information_schema.columns c USING (table_schema, table_name, column_name) "
                  "WHERE table_schema = DATABASE() AND table_name = '%s' AND index_name = '%s' ORDER BY seq_in_index" % (p.replace("'", "''"), k.replace("'", "''"))) if k else []
    mine = [[c[0] for c in s.columns(t) if c[1] == x[1] and (t != p or c[0] != x[0])] for x in cols]
    text = 'ADD %sFOREIGN KEY (%s) REFERENCES %s (%s)%s'
    named = rng.choice(['', 'CONSTRAINT %s ' % name(rng)])
    if mine and all(mine):
        return alter(t, text % (named, ', '.join(quoted(rng.choice(x)) for x in mine), quoted(p), ', '.join(quoted(c[0]) for c in cols), rng.choice(ACTIONS)))
    return cols and [alter(t, 'ADD COLUMN ref %s' % cols[0][1], text % (named, 'ref', quoted(p), quoted(cols[0][0]), rng.choice(ACTIONS)))]


@mutation(5)
def check(s, rng):
    t, old = s.table(rng), one(rng, s.constraints('CHECK'))
    if old and rng.random() < .5:
        return alter(old[0], rng.choice(['DROP CONSTRAINT %s', 'ALTER CHECK %s NOT ENFORCED', 'ALTER CHECK %s ENFORCED'] if not s.maria else ['DROP CONSTRAINT %s']) % quoted(old[1]))
    if s.maria and t and rng.random() < .3:
        c = one(rng, [x for x in s.lines(t).items() if 'GENERATED' not in x[1]])
        return c and alter(t, 'MODIFY %s %s CHECK (%s is null or %s <> 3)' % (quoted(c[0]), re.sub(' CHECK .*', '', c[1]), quoted(c[0]), quoted(c[0])))
    return t and alter(t, 'ADD %sCHECK (%s)%s' % (rng.choice(['', 'CONSTRAINT %s ' % name(rng)]), expression(s, rng, t), '' if s.maria else rng.choice(['', '', ' NOT ENFORCED'])))


# tables

def partitions(s, rng, t):
    c = one(rng, s.columns(t))
    q = c and quoted(c[0])
    return q and rng.choice(['PARTITION BY HASH (%s) PARTITIONS 3', 'PARTITION BY LINEAR KEY (%s) PARTITIONS 2', 'PARTITION BY KEY (%s) PARTITIONS 4',
                             'PARTITION BY RANGE (%s) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)',
                             "PARTITION BY LIST COLUMNS (%s) (PARTITION p0 VALUES IN ('1', '2', '3'), PARTITION p1 VALUES IN ('4', '5', NULL))",
                             'PARTITION BY RANGE (%s) SUBPARTITION BY HASH (%s) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (1000))',
                             'REMOVE PARTITIONING', 'REMOVE PARTITIONING']).replace('%s', q)


@mutation(2)
def partition(s, rng):
    t = s.table(rng)
    return t and 'ALTER TABLE %s %s' % (quoted(t), partitions(s, rng, t))


@mutation(8)
def table_options(s, rng):
    t = s.table(rng)
    return t and alter(t, *some(rng, ["COMMENT='it''s'", "COMMENT=''", 'ROW_FORMAT=DYNAMIC', 'ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8', 'ROW_FORMAT=DEFAULT', 'ROW_FORMAT=COMPACT',
                                      'STATS_PERSISTENT=1', 'MAX_ROWS=1000', 'AVG_ROW_LENGTH=50', 'DEFAULT CHARSET=' + rng.choice(CHARSETS),
                                      'DEFAULT CHARSET=' + rng.choice(CHARSETS), 'CONVERT TO CHARACTER SET ' + rng.choice(CHARSETS), 'AUTO_INCREMENT=100',
                                      'ENGINE=' + rng.choice(['MyISAM', 'InnoDB', 'MEMORY']), 'CHECKSUM=1', 'STATS_SAMPLE_PAGES=10',
                                      'PAGE_COMPRESSED=1' if s.maria else "COMPRESSION='zlib'"], 2))


@mutation(5)
def create_table(s, rng):
    cols = ['%s %s' % (quoted(n), definition(s, rng)) for n in some(rng, NAMES, 6)]
    if rng.random() < .7:
        cols.insert(rng.randint(0, len(cols)), rng.choice(['no int NOT NULL AUTO_INCREMENT PRIMARY KEY', 'no bigint unsigned PRIMARY KEY', 'no char(5) NOT NULL PRIMARY KEY']))
    p = one(rng, s.tables())
    if p and rng.random() < .2:
        return 'CREATE TABLE %s LIKE %s' % (name(rng), quoted(p))
    if p and rng.random() < .1:
        return 'CREATE TABLE %s AS SELECT * FROM %s' % (name(rng), quoted(p))
    return 'CREATE TABLE %s (%s)%s' % (quoted('t ' + rng.choice(NAMES)), ', '.join(cols), rng.choice(['', '', ' DEFAULT CHARSET=' + rng.choice(CHARSETS), ' ENGINE=MyISAM', " COMMENT='t'"]))


@mutation(2)
def drop_table(s, rng):
    t = s.table(rng)
    return t and 'DROP TABLE ' + quoted(t)


@mutation(2)
def rename_table(s, rng):
    t, u = s.table(rng), one(rng, s.tables())
    return t and rng.choice(['RENAME TABLE %s TO %s' % (quoted(t), name(rng)), 'RENAME TABLE %s TO aside, %s TO %s, aside TO %s' % (quoted(t), quoted(u), quoted(t), quoted(u))])
