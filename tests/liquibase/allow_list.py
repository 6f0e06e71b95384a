"""The allow-list of drivers/sqlite/typed.c against the real Liquibase.

Each row is a pair of schemas that differ by one thing, so that snap itself writes the change type. The
real Liquibase runs it, SQLite runs our own SQL for the same thing, and both results are compared by
PRAGMAs, rows and text; then both are taken back and compared again. What was seen is kept in
allow-list.txt. What is not on the list has to stay `sql`, in both directions. Liquibase itself says
which words are change types: each that the driver's sources name must have a row here, and so must each
set of keys that any changelog of these tests holds.
"""
import glob
import os
import re

import observer
import tools

AT_LEAST = 150
# Change types that are SQL's own words as well.
ENGLISH = {'sql', 'delete', 'empty', 'insert', 'output', 'stop', 'update'}
SOURCES = os.path.join(tools.ROOT, 'drivers', 'sqlite', '*.[ch]')

# A table with everything that Liquibase's own generator is known to lose, and what hangs on it.
BASE = """
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, code text COLLATE NOCASE NOT NULL
  ON CONFLICT IGNORE DEFAULT 'c;x', made datetime DEFAULT CURRENT_TIMESTAMP,
  price REAL CONSTRAINT positive CHECK (price >= 0) DEFAULT (1 + 2), UNIQUE (code, price));
CREATE TABLE child (n INTEGER PRIMARY KEY, parent_id int REFERENCES parent (id) ON DELETE CASCADE,
  note varchar(20), g text AS (note || '!') STORED, CHECK (note <> 'no'));
CREATE TABLE log (what text, at int DEFAULT 0);
CREATE INDEX child_part ON child (note COLLATE RTRIM DESC) WHERE note IS NOT NULL;
CREATE VIEW priced AS SELECT id, price AS p FROM parent WHERE price > 1;
CREATE TRIGGER parent_ai AFTER INSERT ON parent WHEN NEW.price > 2
BEGIN INSERT INTO log (what) VALUES (NEW.code); SELECT CASE WHEN 1 THEN 2 END; END;
"""
VIEW = 'CREATE VIEW v1 AS '
# name: (change types wanted, SQL before, SQL after, renames)
ROWS = {
    'renameTable': ('renameTable', BASE, BASE.replace('TABLE child', 'TABLE kid')
                    .replace('ON child', 'ON kid'), ['child=kid']),
    'renameTable, a parent with view and trigger':
        ('renameTable', BASE, re.sub(r'\b(TABLE|REFERENCES|FROM|ON) parent\b', r'\1 elder', BASE),
         ['parent=elder']),
    'renameTable, capitals': ('renameTable', BASE, BASE.replace('TABLE log', 'TABLE LogBook')
                              .replace('INTO log', 'INTO LogBook'), ['log=LogBook']),
    'renameColumn': ('renameColumn', BASE, BASE.replace('note', 'remark'), ['child.note=remark']),
    'renameColumn, in view and trigger':
        ('renameColumn', BASE, re.sub(r'\bprice\b', 'cost', BASE), ['parent.price=cost']),
    'renameColumn, a key that others refer to':
        ('renameColumn', BASE, BASE.replace('parent (id ', 'parent (pid ').replace('(id)', '(pid)')
         .replace('SELECT id,', 'SELECT pid,'), ['parent.id=pid']),
    'renameColumn, only its case':
        ('renameColumn', BASE, BASE.replace('at int', 'At int'), []),
    'createView': ('createView', BASE, BASE + VIEW + 'SELECT id, code FROM parent;', []),
    'createView, of many lines with comments':
        ('createView', BASE, BASE + VIEW + "SELECT id, /* ; */ 'a;b' AS x\n\n\t FROM parent\nGO\n--;\n "
         "WHERE id\n/\n2 > 0;", []),
    'createView, WITH and VALUES':
        ('createView', BASE, BASE + VIEW + "WITH w(a) AS (VALUES (1), (2)) SELECT a FROM w UNION "
         "ALL SELECT id FROM parent ORDER BY 1 LIMIT 5;", []),
    'createView, capitals': ('createView', BASE, BASE + 'CREATE VIEW BigView AS SELECT 1 AS One;', []),
    'dropView': ('dropView', BASE, BASE.replace('CREATE VIEW priced', '--'), []),
    'createIndex': ('createIndex', BASE, BASE + 'CREATE INDEX i1 ON log (what);', []),
    'createIndex, descending':
        ('createIndex', BASE, BASE + 'CREATE INDEX i1 ON log (what DESC);', []),
    'createIndex, UNIQUE':
        ('createIndex', BASE, BASE + 'CREATE UNIQUE INDEX i1 ON child (note);', []),
    'createIndex, several columns':
        ('createIndex', BASE, BASE + 'CREATE INDEX i1 ON child (note, parent_id DESC, g);', []),
    'createIndex, UNIQUE, several columns, descending, capitals':
        ('createIndex', BASE, BASE + 'CREATE UNIQUE INDEX IxOne ON Child (Note DESC, n, G DESC);', []),
    'dropIndex': ('dropIndex', BASE + 'CREATE INDEX i1 ON log (what);', BASE, []),
    'dropIndex, partial': ('dropIndex', BASE, BASE.replace('CREATE INDEX child_part', '--'), []),
    'dropTable': ('dropTable', BASE + 'CREATE TABLE alone (a int, b text CHECK (b <> 1));', BASE, []),
    'dropTable, with index and trigger':
        ('dropTable', BASE + 'CREATE TABLE alone (a int UNIQUE, b text); CREATE INDEX i1 ON alone (b); '
         'CREATE TRIGGER t1 AFTER DELETE ON alone BEGIN SELECT 1; END;', BASE, []),
    'dropTable, a child': ('dropTable', BASE + 'CREATE TABLE kin (a int REFERENCES parent);', BASE, []),
}
# name: (SQL before, SQL after); nothing of it may be a change type, forward or back
STAYS = {
    'a new table': (BASE.replace('CREATE TABLE log (what text, at int DEFAULT 0);', ''), BASE),
    'a new column': (BASE, BASE.replace('what text', 'what text, more int')),
    'a new column with everything':
        (BASE, BASE.replace('at int', "more text COLLATE NOCASE NOT NULL DEFAULT 'x' CHECK (more <> 1), "
                            'at int')),
    'a column goes': (BASE, BASE.replace(', at int DEFAULT 0', '')),
    'another type': (BASE, BASE.replace('at int', 'at text')),
    'NOT NULL': (BASE, BASE.replace('at int', 'at int NOT NULL')),
    'another default': (BASE, BASE.replace('DEFAULT 0', 'DEFAULT 7')),
    'a UNIQUE': (BASE, BASE.replace('at int DEFAULT 0', 'at int UNIQUE')),
    'a primary key': (BASE, BASE.replace('DEFAULT 0', 'DEFAULT 0, PRIMARY KEY (what, at)')),
    'a CHECK': (BASE, BASE.replace('DEFAULT 0', 'DEFAULT 0, CHECK (at <> 9)')),
    'a foreign key': (BASE, BASE.replace('what text', 'what text, k int REFERENCES parent (id)')),
    'a partial index': (BASE, BASE + 'CREATE INDEX i1 ON log (what) WHERE at > 0;'),
    'an index on an expression': (BASE, BASE + 'CREATE INDEX i1 ON log (lower(what));'),
    'an index with COLLATE': (BASE, BASE + 'CREATE INDEX i1 ON log (what COLLATE NOCASE);'),
    'an index on a name in quotes':
        (BASE + 'CREATE TABLE q ("a b" int);', BASE + 'CREATE TABLE q ("a b" int); '
         'CREATE INDEX i1 ON q ("a b");'),
    'an index whose name needs quotes': (BASE, BASE + 'CREATE INDEX "i 1" ON log (what);'),
    'a view with names of columns': (BASE, BASE + 'CREATE VIEW v1 (a, b) AS SELECT 1, 2;'),
    'a view whose name needs quotes': (BASE, BASE + 'CREATE VIEW "v-1" AS SELECT 1;'),
    'a view whose name is a keyword': (BASE, BASE + 'CREATE VIEW "order" AS SELECT 1;'),
    'a view whose name is not ASCII': (BASE, BASE + 'CREATE VIEW été AS SELECT 1;'),
    'a trigger': (BASE, BASE + 'CREATE TRIGGER t1 AFTER DELETE ON log BEGIN SELECT 1; END;'),
    'a virtual table': (BASE, BASE + 'CREATE VIRTUAL TABLE f1 USING fts5(a, b);'),
    'WITHOUT ROWID': (BASE + 'CREATE TABLE w (a int PRIMARY KEY);',
                      BASE + 'CREATE TABLE w (a int PRIMARY KEY) WITHOUT ROWID;'),
}
TYPED_BACK = {'an index with COLLATE': 'dropIndex', 'a partial index': 'dropIndex',
              'an index on an expression': 'dropIndex', 'an index on a name in quotes': 'dropIndex',
              'a view with names of columns': 'dropView', 'a new table': 'dropTable',
              'a virtual table': 'dropTable'}


class Row:
    """One row: both schemas, the changelog, and what our own SQL leaves."""

    def __init__(self, snap, folder, name):
        os.makedirs(folder)
        self.name, self.folder = name, folder
        self.want, before, after, renames = ROWS[name]
        self.a = tools.build(folder + '/a.db', before, fill=True)
        b = tools.build(folder + '/b.db', after)
        self.log, up, down = folder + '/typed.yaml', folder + '/up.sql', folder + '/down.sql'
        more = [w for r in renames for w in ('--rename', r)]
        self.by_sql, self.told = tools.copy(self.a, folder + '/sql.db'), {}
        self.error = (snap.changelog(self.a, b, self.log, *more) or
                      snap.changelog(self.a, b, up, '--no-verify', '--rollback-output', down, *more) or
                      tools.run_script(self.by_sql, up))
        if self.error:
            return
        self.gone = observer.differences(observer.see(self.by_sql), observer.see(b))
        self.seen, self.own = observer.see(self.by_sql), tools.texts(self.by_sql)
        self.rows = observer.rows(self.by_sql)
        back = tools.copy(self.by_sql, folder + '/back.db')
        self.error = tools.run_script(back, down)
        self.seen_back, self.own_back = observer.see(back), tools.texts(back)
        self.rows_back = observer.rows(back)


def make_cases(checks, snap, folder):
    rows = [Row(snap, '%s/%d' % (folder, i), name) for i, name in enumerate(ROWS)]
    for row in rows:
        if checks.check(not row.error, 'allow-list %s: snap and its SQL' % row.name, row.error):
            checks.equal(tools.change_types(row.log, 'changes'), [row.want],
                         'allow-list %s: the change type' % row.name)
            checks.check(not row.gone, 'allow-list %s: our SQL' % row.name, row.gone)
    run_stays(checks, snap, folder)
    return [row for row in rows if not row.error]


def run(checks, lb, rows):
    for row in rows:
        what = 'allow-list %s, Liquibase %s: ' % (row.name, lb.version)
        db = tools.copy(row.a, '%s/%s.db' % (row.folder, lb.version))
        error = lb.on('update', db, row.log)
        if not checks.check(not error, what + 'update', error):
            continue
        gone = observer.differences(observer.see(db), row.seen)
        checks.check(not gone, what + 'does as our SQL', gone)
        checks.equal(observer.rows(db), row.rows, what + 'rows')
        with checks.lock:
            row.told.setdefault(tell(tools.texts(db), row.own, tools.texts(row.a)), []).append(lb.version)
        error = lb.on('rollbackCount', db, row.log, count=1)
        if not checks.check(not error, what + 'rollback', error):
            continue
        gone = observer.differences(observer.see(db), row.seen_back)
        checks.check(not gone, what + 'undoes as our SQL', gone)
        checks.equal(observer.rows(db), row.rows_back, what + 'rows after the rollback')
        checks.equal(squeezed(tools.texts(db)), squeezed(row.own_back), what + 'text after the rollback')
    words = lb.run('changeTypes').split()
    for word in sorted(named_in_sources() & set(words) - ENGLISH):
        checks.check(word in {row[0] for row in ROWS.values()},
                     'allow-list: the driver names %s, which has no row' % word)
    checks.check(named_in_sources() >= {row[0] for row in ROWS.values()} and len(words) > 30,
                 'allow-list: each row is named in the sources')


def finish(checks, rows, accept):
    golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'allow-list.txt')
    seen = ''.join('== %s\n%s%s' % (row.name, emitted(row.log), ''.join(
        ' and '.join(sorted(versions)) + text for text, versions in sorted(row.told.items())))
        for row in rows)
    if accept:
        with open(golden, 'w', encoding='utf8') as f:
            f.write(seen)
    with open(golden, encoding='utf8') as f:
        checks.check(f.read() == seen, 'allow-list.txt is what was seen', seen)


def known_forms(folder):
    """Change type and keys of all that the rows have shown."""
    return set().union(*(tools.forms(log) for log in glob.glob(folder + '/*/typed.yaml')))


def named_in_sources():
    found = set()
    for path in glob.glob(SOURCES):
        with open(path, encoding='utf8') as f:
            found |= set(re.findall(r'"([A-Za-z]+)"', f.read()))
    return found


def squeezed(texts):
    """Liquibase leaves out the blank in `ON t (a)`; allow-list.txt shows it."""
    return {k: re.sub(rb' \(', b'(', v) if k[0] == 'index' else v for k, v in texts.items()}


def emitted(path):
    """The changes of a changelog as they stand there."""
    keep, inside = [], False
    for line in open(path, encoding='utf8'):
        if re.match(r' {4}\w', line):
            inside = line.startswith('    changes:')
        elif inside:
            keep.append(line[2:])
    return ''.join(keep)


def tell(texts, own, before):
    """What Liquibase left in sqlite_schema, next to what our SQL leaves there."""
    lines = [': the same text as our SQL' if texts == own else ': not the same text as our SQL']
    for key in sorted(set(texts) | set(own)):
        if texts.get(key) != own.get(key):
            lines += ['  %s %s' % key, '    liquibase %s' % shown(texts, key),
                      '    our SQL   %s' % shown(own, key)]
        elif texts[key] != before.get(key):
            lines.append('  %s %s %s' % (*key, shown(texts, key)))
    lines += ['  %s %s is gone' % key for key in sorted(set(before) - set(own))]
    return '\n'.join(lines) + '\n'


def shown(texts, key):
    return repr(texts.get(key, b'').decode())


def run_stays(checks, snap, folder):
    for name, pair in STAYS.items():
        a, b = (tools.build('%s/%s.db' % (folder, x), sql) for x, sql in zip('ab', pair))
        log = folder + '/stays.yaml'
        error = snap.changelog(a, b, log)
        if not checks.check(not error, 'not on the list, %s: snap' % name, error):
            continue
        checks.equal(set(tools.change_types(log, 'changes')), {'sql'},
                     'not on the list, %s: stays sql' % name)
        back = set(tools.change_types(log, 'rollback')) - {'sql', TYPED_BACK.get(name)}
        checks.check(not back, 'not on the list, %s: the rollback stays sql' % name, back)
