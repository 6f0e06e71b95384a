"""Text that Liquibase, YAML or an SQL splitter would like to read as something of their own.

Each text stands in every place that a text can have in a schema: names, defaults, CHECKs, generated
columns, the condition of an index, bodies of views and triggers, comments in them. After the update
it must stand in the database byte for byte; after the rollback nothing of it is left. Environment
variables with the names that the texts mention hold secrets, which must not arrive anywhere.
"""
import os
import random
import re

import observer
import tools

AT_LEAST = 150
TEXTS = [
    '${x}', '${', '${}', '$${', '$${x}', '${${x}}', '${d}{x}', '${DB_PASSWORD}', '${user.home}', '${ x\n}',
    '${:x}', '${snap.d}', '${${snap.d}}${${snap.d}}snap.d}}', '$', 'a}${', '${x', '#{x}', '%{x}', '{{ x }}',
    '{% if %}', '%', '%s %n %1$s', '%41', ':x', '@a', '?', '??', '{fn now()}', '{d \'2020\'}', ';', ';;',
    'a;\nb', '\n/\n', '\nGO\n', '\ngo\n', '\nDELIMITER //\n', '$$', '$x$ $x$', 'END;', 'end if;', '--',
    '-- x', '--\n', 'a -- b;\nc', '/*', '*/', '/* a */', '/*!50100 x */', '--liquibase formatted sql',
    '--changeset a:1', '--rollback drop', "'", "''", '"', '""', '`', '[', ']', '[x]', '\\', '\\n',
    '\\u0041', "\\'", '\\', 'a\\', '\\\n', '\t', 'a\tb', '\t\n\t', ' a', 'a ', '   ', 'a  \nb ', '\n',
    '\na', 'a\n', 'a\n\n', '\n\n\na', 'a\n\n b\n', ' \n a', '\x85', 'a\x85b', '\u2028', 'a\u2029b',
    '\ufeff', 'a\ufeffb', '\ufffe', '\uffff', '\u00a0', '\u200b', '\u202e', 'e\u0301 é', '😀', '👩\u200d👩',
    '\U0010ffff', 'Ω≈ç', '中文', '\x1b[31m', '\x01', '\x07', '\x08', '\x0b', '\x0c', 'a\x0cb', '\x7f', '\x9f',
    '# x', 'a # b', '- x', '- ', '? x', ': ', 'a: b', '&a', '*a', '!!binary x', '!x', '|', '|2-', '>', '>-',
    '@', '---', '\n---\n', '...', '\n...\n', '%YAML 1.2', '{', '}', '[a, b]', '{a: b}', 'null', '~', 'true',
    'yes', '007', '1.10', '2020-01-01', '0x1F', '1e3', '=', '<<', 'databaseChangeLog:', '- changeSet:',
    'rollback: empty', 'x' * 20000, 'é' * 3000, ('a b ' * 400 + '\n') * 5, 'a' * 99 + ' ' + 'b' * 99,
]
FRAGMENTS = [t for t in TEXTS if len(t) < 40]
SEEDS = range(24)
BEFORE = """
CREATE TABLE base (a int, b text);
CREATE TABLE anew (a int DEFAULT 1, b text);
CREATE VIEW old AS SELECT 1 AS a;
"""


def literal(text):
    return "'%s'" % text.replace("'", "''")


def name(prefix, text):
    return '"%s %s"' % (prefix, text[:300].replace('"', '""'))


def note(text):
    return text.replace('*/', '* /')


def spoken(text):
    """What Liquibase leaves of text outside quotes: a carriage return is a newline there."""
    return re.sub('\r\n|\r', '\n', text)


def view_body(text):
    return 'SELECT %s AS x, /*%s*/ 2 AS y -- %s\n WHERE 1' % (
        literal(text), note(text), re.split('[\r\n]', text)[0])


def trigger_body(text):
    return 'BEGIN INSERT INTO anew (b) VALUES (%s); /*%s*/ SELECT 1; END' % (literal(text), note(text))


def schema(text):
    value, key = literal(text), name('c', text)
    return '''
CREATE TABLE base (a int, b text, %s text DEFAULT %s);
CREATE TABLE anew (a text NOT NULL DEFAULT %s, b text CHECK (b <> %s));
CREATE VIEW old AS %s;
CREATE TABLE %s (%s text DEFAULT %s CHECK (%s <> %s), g text AS (%s || %s),
  CONSTRAINT %s UNIQUE (%s));
CREATE INDEX %s ON base (b) WHERE b <> %s;
CREATE VIEW %s AS SELECT 1 AS %s;
CREATE TRIGGER %s AFTER INSERT ON base %s;
''' % (name('n', text), value, value, value, view_body(text), name('t', text), key, value, key, value, key,
       value, name('k', text), key, name('i', text), value, name('v', text), name('s', text),
       name('r', text), trigger_body(text))


class Case:
    def __init__(self, snap, folder, text, *options):
        os.makedirs(folder)
        self.text, self.folder = text, folder
        self.a = tools.build(folder + '/a.db', BEFORE)
        self.b = tools.build(folder + '/b.db', schema(text))
        self.log = folder + '/diff.yaml'
        self.error = snap.changelog(self.a, self.b, self.log, *options)
        self.n = 0 if self.error else tools.count_sets(self.log)
        self.wanted, self.before = observer.see(self.b), observer.see(self.a)


def random_text(seed):
    rng = random.Random(seed)
    return ''.join(rng.choice(FRAGMENTS) for _ in range(rng.randint(2, 8)))


def make_cases(checks, snap, folder):
    styles = ((), ('--style', 'sql'), ('--id-description',))
    texts = TEXTS + [random_text(seed) for seed in SEEDS]
    cases = [Case(snap, '%s/%d' % (folder, i), text, *styles[i % 3]) for i, text in enumerate(texts)]
    for case in cases:
        checks.check(not case.error, 'text %.60r: snap' % case.text, case.error)
    cases += gaps(checks, snap, folder + '/gaps')
    carriage_returns(checks, snap, folder + '/cr')
    return [case for case in cases if not case.error]


GAPS = (
    'CREATE VIEW v AS\r\nSELECT /* a\r\n\rb */ 1\rAS\r\nx -- y\r\n, 2 AS z;\r\n'
    'CREATE TRIGGER r AFTER INSERT ON base\r\nBEGIN\r\nSELECT 1;\n-- x\r\nSELECT 2;\r\nEND;',
    'CREATE VIEW v AS SELECT /*/ \r -- */ 1 AS x -- y\r, 7 AS more\r\n, 2 AS z;'
    'CREATE TRIGGER r AFTER INSERT ON base BEGIN SELECT 1; -- x\r; DELETE FROM anew; --\r\n SELECT 2; END;',
    'CREATE VIEW v AS SELECT\x0c1\x0cAS x -- y\x0c, 7 AS more /*\r\n,/*\x0c*/2 AS z;'
    'CREATE TRIGGER r AFTER INSERT ON base BEGIN\x0cSELECT 1;\x0cSELECT\x0c2;-- \x0c DELETE FROM anew;\n END;',
)


def gaps(checks, snap, folder):
    """Carriage returns and form feeds where they mean nothing: between words and in comments. Only a
    newline ends a comment of one line: what stands in it must stay in it."""
    cases = []
    for number, sql in enumerate(GAPS):
        case = Case(snap, '%s/%d' % (folder, number), 'a')
        case.b = tools.build(case.folder + '/b.db', BEFORE.replace(' ', '\r\n').replace('\n', '\r', 2) + sql)
        case.text, case.error = None, snap.changelog(case.a, case.b, case.log)
        case.n = 0 if case.error else tools.count_sets(case.log)
        checks.check(not case.error, 'blanks and comments %d: snap' % number, case.error)
        cases.append(case)
    return cases


def carriage_returns(checks, snap, folder):
    """Inside quotes they would be lost: refused by name for Liquibase, kept by a script."""
    os.makedirs(folder)
    places = {
        'a default': "CREATE TABLE t (a text DEFAULT 'x\ry');",
        'a name': 'CREATE TABLE "t\r" (a int);',
        'a view': "CREATE TABLE t (a int); CREATE VIEW v AS SELECT 'x\r\ny' AS x;",
        'a trigger': "CREATE TABLE t (a int); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT '\r'; END;",
    }
    a = tools.build(folder + '/a.db', '')
    for number, (place, sql) in enumerate(places.items()):
        b = tools.build('%s/b%d.db' % (folder, number), sql)
        log, up = '%s/%d.yaml' % (folder, number), '%s/%d.sql' % (folder, number)
        rc, _, err = snap.run('changelog', a, b, '-o', log)
        checks.check(rc == 3 and 'UNSUPPORTED_CHANGE' in err and 'carriage return' in err and
                     not os.path.exists(log), 'a carriage return in %s is refused' % place, (rc, err))
        db = tools.copy(a, folder + '/sql.db')
        error = snap.changelog(a, b, up) or tools.run_script(db, up)
        checks.check(not error and not observer.differences(observer.see(db), observer.see(b)),
                     'a carriage return in %s is kept by a script' % place, error)
        if place == 'a view':
            checks.equal(tools.query(db, 'select x from v'), [('x\r\ny',)], 'its value')


def judge(lb, case):
    """What is wrong, as a list."""
    db = tools.copy(case.a, '%s/%s.db' % (case.folder, lb.version))
    error = lb.on('update', db, case.log)
    if error:
        return ['update: ' + error]
    wrong = observer.differences(observer.see(db), observer.see(case.b))
    text = case.text
    if text is not None:
        wrong += compare_bytes(db, case)
        names = [row[0] for row in tools.query(db, 'select name from sqlite_schema')]
        wanted = [name(p, text)[1:-1].replace('""', '"') for p in 'tivr']
        wrong += ['the name %r' % w for w in wanted if w not in names]
        got = tools.query(db, 'select x, y from old')
        wrong += ['the value of the view: %r' % got] if got != [(text, 2)] else []
    with open(db, 'rb') as f:
        wrong += ['a secret in the database'] if b'hunter' in f.read() else []
    error = lb.on('rollbackCount', db, case.log, count=case.n)
    if error:
        return wrong + ['rollback: ' + error]
    wrong += observer.differences(observer.see(db), case.before)
    return wrong


def compare_bytes(db, case):
    """Bodies byte for byte; a table holds each literal as often as was asked."""
    text, wrong = case.text, []
    got, want = tools.texts(db), tools.texts(case.b)
    if set(got) != set(want):
        return ['other objects: %r' % (set(got) ^ set(want))]
    for key in want:
        if key == ('view', 'old'):
            same = got[key].endswith(view_body(text).encode())
        elif key[0] == 'trigger':
            same = got[key].endswith(trigger_body(text).encode())
        else:
            same = quoted(got[key]) == quoted(want[key])
        if not same:
            wrong.append('the text of %r: %.300r, wanted %.300r' % (key, got[key], want[key]))
    return wrong


def quoted(sql):
    """What stands in quotes, in order; names that need none may have lost theirs."""
    found = re.findall(rb"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", sql)
    return [q for q in found if not re.fullmatch(rb'"[a-z]+"', q)]


def run(checks, lb, cases):
    for case in cases:
        wrong = judge(lb, case)
        what = 'text %.60r' % case.text if case.text is not None else 'blanks and comments'
        checks.check(not wrong, '%s, Liquibase %s' % (what, lb.version), wrong)


def finish(checks, cases, accept):
    checks.check(any('snap.d' in open(case.log, encoding='utf8').read() for case in cases),
                 'some text needs the property')
