"""What the options of `snap changelog` put into a changelog, as Liquibase understands it: ids and their
repeats, author, labels, contexts, comments, tags, times, descriptions, and changes that lose something.
"""
import os
import re

import observer
import tools

AT_LEAST = 30
A = """
CREATE TABLE t (a INTEGER PRIMARY KEY, b text, gone text);
CREATE TABLE u (a int);
"""
B = A.replace('gone text', '"we ${x}" text') + 'CREATE VIEW v AS SELECT a FROM t; CREATE INDEX i ON u (a);'
C = B + 'CREATE TABLE w (a int);'
NO_WAY = ('CREATE TABLE c (b); CREATE VIRTUAL TABLE f USING rtree (i, x0, x1);',
          "CREATE TABLE c (b); CREATE VIRTUAL TABLE f USING fts5 (b, content = 'c');")
WORDS = {'author': 'Ada "x" ${DB_PASSWORD} é', 'labels': 'JIRA-7, rel', 'contexts': 'dev and !x',
         'comment': 'why: ${x} # - "quoted" \\ é'}


class Cases:
    """Databases a, b, c of A, B, C; changelogs by name, made when all of snap's options were given."""

    def __init__(self, snap, folder):
        self.snap, self.folder = snap, folder
        for name, sql in (('a', A), ('b', B), ('c', C), ('rtree', NO_WAY[0]), ('full_text', NO_WAY[1])):
            setattr(self, name, tools.build('%s/%s.db' % (folder, name), sql, fill=name == 'a'))

    def path(self, name):
        return '%s/%s' % (self.folder, name)

    def text(self, name):
        with open(self.path(name), encoding='utf8') as f:
            return f.read()

    def make(self, checks, name, one, other, *options):
        error = self.snap.changelog(one, other, self.path(name), *options)
        checks.check(not error, 'changelog %s %s' % (name, ' '.join(options)), error)


def ids(text):
    return re.findall(r'^    id: "(.*)"$', text, re.M)


def make_cases(checks, snap, folder):
    cases = Cases(snap, folder)
    os.environ['SOURCE_DATE_EPOCH'] = '86400'
    for name, options in (('plain.yaml', ()), ('again.yaml', ()), ('described.yaml', ('--id-description',)),
                          ('dated.yaml', ('--created-values=true',)), ('sql.yaml', ('--style', 'sql')),
                          ('words.yaml', tuple(w for k, v in WORDS.items() for w in ('--' + k, v)))):
        cases.make(checks, name, cases.a, cases.b, *options)
    cases.make(checks, 'v1.yaml', cases.a, cases.b, '--tag', 'v1', '--label-filter', 'one',
               '--context-filter', 'dev')
    cases.make(checks, 'v2.yaml', cases.b, cases.c, '--tag', 'v 2')
    cases.make(checks, 'no-way.yaml', cases.rtree, cases.full_text)
    cases.make(checks, 'empty.yaml', cases.rtree, cases.full_text, '--allow-lossy')
    check_texts(checks, cases)
    check_refused(checks, cases)
    return cases


def check_texts(checks, cases):
    plain = cases.text('plain.yaml')
    checks.equal(cases.text('again.yaml'), plain, 'two runs give the same bytes')
    checks.check(len(ids(plain)) == 4 and len(set(ids(plain))) == 4 and
                 all(re.fullmatch('[0-9a-f]{16}', i) for i in ids(plain)), 'ids', ids(plain))
    checks.equal(ids(cases.text('words.yaml')), ids(plain), 'ids do not come from the words')
    checks.equal(ids(cases.text('sql.yaml')), ids(plain), 'ids do not come from the style')
    described = ids(cases.text('described.yaml'))
    checks.equal([i.split(' ')[0] for i in described], ids(plain), 'ids in front of descriptions')
    for words in ('createView viewName=v', 'createIndex indexName=i, tableName=u',
                  'dropColumn columnName=gone, tableName=t'):
        checks.check(any('(%s)' % words in i for i in described), 'description ' + words, described)
    checks.check(not set(ids(cases.text('v2.yaml'))) & set(ids(cases.text('v1.yaml'))),
                 'ids of different changes differ')
    checks.equal(cases.text('dated.yaml').count('    created: "1970-01-02 00:00+0000"\n'), 4, 'created')
    checks.equal(tools.forms(cases.path('sql.yaml')), set(), '--style sql gives no change type')
    checks.check(len(tools.forms(cases.path('plain.yaml'))) > 1, 'the default style gives some')
    checks.check('# DATA_LOSS: column t.gone' in plain and
                 '# the rollback restores the schema and not the rows' in plain, 'what is lost is said', plain)


def check_refused(checks, cases):
    out = cases.path('refused.yaml')
    for options in (('--author', 'null'), ('--author', ''), ('--tag', 'NULL'), ('--author', 'x' * 256),
                    ('--labels', 'x' * 256), ('--contexts', 'x' * 256), ('--created-values=perhaps',),
                    ('--style', 'typed'), ('--label-filters', 'x')):
        rc, _, err = cases.snap.run('changelog', cases.a, cases.b, '-o', out, *options)
        checks.check(rc == 2 and not os.path.exists(out),
                     'refused: %s %.20s' % (options[0], options[-1]), (rc, err))
    same = cases.path('same.db')
    rc, _, err = cases.snap.run('changelog', cases.a, tools.copy(cases.a, same), '-o',
                                cases.path('none.yaml'))
    checks.check(rc == 0 and '0 changes' in err and cases.text('none.yaml') == 'databaseChangeLog: []\n',
                 'no difference', (rc, err))


def run(checks, lb, cases):
    for part in (words, filters, tags, repeats, lossy, irreversible, longest, none):
        os.makedirs(cases.path(lb.version + part.__name__))
        part(checks, lb, cases, cases.path(lb.version + part.__name__))


def finish(checks, cases, accept):
    os.environ.pop('SOURCE_DATE_EPOCH', None)


def ok(checks, lb, what, error):
    return checks.check(not error, 'Liquibase %s: %s' % (lb.version, what), error)


def applied(db):
    return tools.query(db, 'select ID, AUTHOR, LABELS, CONTEXTS, COMMENTS, TAG from DATABASECHANGELOG '
                           'order by ORDEREXECUTED')


def words(checks, lb, cases, folder):
    """What the options say stands in DATABASECHANGELOG as it was given."""
    db = tools.copy(cases.a, folder + '/a.db')
    ok(checks, lb, 'update',
       lb.on('update', db, cases.path('words.yaml'), labelFilter='jira-7', contexts='dev'))
    got = applied(db)
    checks.equal([r[0] for r in got], ids(cases.text('plain.yaml')), 'ids, Liquibase %s' % lb.version)
    for row in got:
        checks.equal(row[1], WORDS['author'], 'author, Liquibase %s' % lb.version)
        checks.equal(row[2].lower().replace(' ', ''), 'jira-7,rel', 'labels, Liquibase %s' % lb.version)
        checks.check('dev and !x' in row[3], 'contexts, Liquibase %s' % lb.version, row[3])
        checks.equal(row[4], WORDS['comment'], 'comment, Liquibase %s' % lb.version)
    db = tools.copy(cases.a, folder + '/plain.db')
    ok(checks, lb, 'update', lb.on('update', db, cases.path('described.yaml')))
    comments = [r[4] for r in applied(db)]
    checks.check('add column t."we ${x}"' in comments and 'create view v' in comments,
                 'default comments, Liquibase %s' % lb.version, comments)


def filters(checks, lb, cases, folder):
    """A run for other labels or contexts does nothing at all, not even the tag."""
    for number, other in enumerate(({'labelFilter': 'two'}, {'contexts': 'prod'})):
        db = tools.copy(cases.a, '%s/%d.db' % (folder, number))
        ok(checks, lb, 'update for %s' % other, lb.on('update', db, cases.path('v1.yaml'), **other))
        checks.equal(applied(db), [], 'nothing for %s, Liquibase %s' % (other, lb.version))
        checks.equal(observer.differences(observer.see(db), observer.see(cases.a)), [], 'nor changed')
        fitting = {'labelFilter': 'one', 'contexts': 'dev'}
        ok(checks, lb, 'update for %s' % fitting, lb.on('update', db, cases.path('v1.yaml'), **fitting))
        checks.equal(observer.differences(observer.see(db), observer.see(cases.b)), [], 'the fitting ones')


def master(folder, *texts):
    """Changelogs one behind the other, as a merge makes it."""
    path = folder + '/master.yaml'
    with open(path, 'w', encoding='utf8') as f:
        f.write('databaseChangeLog:\n')
        for text in texts:
            f.write(text.partition('databaseChangeLog:\n')[2])
    return path


def tags(checks, lb, cases, folder):
    """Back to a tag; the tag's own changeSet is undone with the rest."""
    db = tools.copy(cases.a, folder + '/a.db')
    log = master(folder, cases.text('v1.yaml'), cases.text('v2.yaml'))
    ok(checks, lb, 'update', lb.on('update', db, log))
    checks.equal([r[5] for r in applied(db) if r[5]], ['v1', 'v 2'], 'tags, Liquibase %s' % lb.version)
    checks.equal([r[0] for r in applied(db) if r[5]], ['tag-v1', 'tag-v 2'], 'their ids')
    for tag, state in (('v 2', cases.c), ('v1', cases.b)):
        ok(checks, lb, 'rollback to ' + tag, lb.on('rollback', db, log, tag=tag))
        checks.equal(observer.differences(observer.see(db), observer.see(state)), [],
                     'the state of %s, Liquibase %s' % (tag, lb.version))
    left = len(applied(db))
    ok(checks, lb, 'rollback of all', lb.on('rollbackCount', db, log, count=left))
    checks.equal(observer.differences(observer.see(db), observer.see(cases.a)), [], 'all back')


def repeats(checks, lb, cases, folder):
    """The same change again in one master: .2, .3, since Liquibase skips an id that it has seen."""
    db, texts = tools.copy(cases.a, folder + '/a.db'), []
    seen = []
    for number, wanted in enumerate((cases.b, cases.a, cases.b, cases.a, cases.b)):
        part = '%s/%d.yaml' % (folder, number)
        if not ok(checks, lb, 'snap', cases.snap.changelog(db, wanted, part)):
            return
        with open(part, encoding='utf8') as f:
            texts.append(f.read())
        seen.append(ids(texts[-1]))
        ok(checks, lb, 'update %d' % number, lb.on('update', db, master(folder, *texts)))
        checks.equal(observer.differences(observer.see(db), observer.see(wanted)), [],
                     'turn %d, Liquibase %s' % (number, lb.version))
    checks.equal(seen[2], [i + '.2' for i in seen[0]], 'the second time')
    checks.equal(seen[3], [i + '.2' for i in seen[1]], 'the second time back')
    checks.equal(seen[4], [i + '.3' for i in seen[0]], 'the third time')
    for count in range(len(seen[4]), 0, -1):
        ok(checks, lb, 'rollback', lb.on('rollbackCount', db, folder + '/master.yaml', count=1))
    checks.equal(observer.differences(observer.see(db), observer.see(cases.a)), [], 'the third time undone')


def lossy(checks, lb, cases, folder):
    """A dropped column comes back without its values; the other values stay."""
    db = tools.copy(cases.a, folder + '/a.db')
    rows = tools.query(db, 'select a, b, null from t')
    ok(checks, lb, 'update', lb.on('update', db, cases.path('plain.yaml')))
    ok(checks, lb, 'rollback', lb.on('rollbackCount', db, cases.path('plain.yaml'), count=4))
    checks.equal(tools.query(db, 'select a, b, gone from t'), rows, 'rows, Liquibase %s' % lb.version)
    checks.check(len(rows) == 3 and
                 not observer.differences(observer.see(db), observer.see(cases.a)), 'schema')


def irreversible(checks, lb, cases, folder):
    """No way back: it fails by name and changes nothing; with --allow-lossy it is empty."""
    db = tools.copy(cases.rtree, folder + '/a.db')
    ok(checks, lb, 'update', lb.on('update', db, cases.path('no-way.yaml')))
    seen = observer.see(db)
    error = lb.on('rollbackCount', db, cases.path('no-way.yaml'), count=1)
    checks.check('snap_irreversible' in error, 'Liquibase %s: refused by name' % lb.version, error)
    checks.equal(observer.differences(observer.see(db), seen), [], 'nothing undone')
    checks.equal(len(applied(db)), 1, 'still recorded')
    db = tools.copy(cases.rtree, folder + '/b.db')
    ok(checks, lb, 'update', lb.on('update', db, cases.path('empty.yaml')))
    ok(checks, lb, 'empty rollback', lb.on('rollbackCount', db, cases.path('empty.yaml'), count=1))
    checks.equal((len(applied(db)), observer.differences(observer.see(db), observer.see(cases.full_text))), (0, []),
                 'forgotten, not undone')


def longest(checks, lb, cases, folder):
    """Words of 255 bytes are still stored."""
    log, long = folder + '/log.yaml', {'author': 'a' * 255, 'labels': 'l' * 255, 'contexts': 'c' * 255}
    options = [w for k, v in long.items() for w in ('--' + k, v)]
    error = cases.snap.changelog(cases.a, cases.b, log, *options)
    db = tools.copy(cases.a, folder + '/a.db')
    ok(checks, lb, 'long words', error or lb.on('update', db, log))
    checks.equal({(r[1], r[2]) for r in applied(db)}, {(long['author'], long['labels'])}, 'stored whole')


def none(checks, lb, cases, folder):
    db = tools.copy(cases.a, folder + '/a.db')
    ok(checks, lb, 'an empty changelog', lb.on('update', db, cases.path('none.yaml')))
    checks.equal(observer.differences(observer.see(db), observer.see(cases.a)), [], 'changes nothing')
