#!/usr/bin/env python3
"""Rules of snap check on the servers of the surrounding run, and on SQLite.

usage: check.py SNAP [BUILD] [--engine NAME,...]

The spellings of CREATE INDEX that a pattern for its text does not see: each is made twice by the server itself,
once under a wrong name and once under the right one, and snap check must name every wrong one, with the right
name, and no other. With BUILD, the real opa (made there once, BUILD/opa/opa) judges the same by the example policy on the model
(examples/policy); and a policy on text (tests/policy) is shown what users typed, where it misses most, and
`sqlStatements`, where it sees the plain ones. The words that servers keep for themselves are asked from them.
The last line counts.
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', d) for d in ('live', 'liquibase')]
import mysql as mysql_live  # noqa: E402
import postgresql as postgresql_live  # noqa: E402
import tools  # noqa: E402

CHECKS = FAILED = 0
TABLE = ('CREATE TABLE person (id int NOT NULL PRIMARY KEY, job_title varchar(60), name varchar(60),'
         ' born int, lead_id int, CONSTRAINT person_lead FOREIGN KEY (lead_id) REFERENCES person (id));')
FIND = 'CREATE INDEX idx_person_lead_id ON person (lead_id);'
RULES = """version: 1
check:
  rules:
    - { id: names, rule: name, kind: index, match: "idx_{table}_{columns:__}" }
    - { id: keys, rule: primary-key }
    - { id: found, rule: foreign-key-index }
    - { id: words, rule: reserved-word }
"""
# A spelling with {} for the name, and what the right name ends with. The statement ends where the line does.
POSTGRESQL = [
    ('CREATE INDEX {} ON person (job_title);', 'job_title'),
    ('CREATE UNIQUE INDEX {} ON person (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person USING btree (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person USING hash (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person USING brin (born);', 'born'),
    ('CREATE INDEX CONCURRENTLY {} ON person (job_title);', 'job_title'),
    ('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {} ON person (name);', 'name'),
    ('CREATE INDEX {} ON person (job_title) WHERE born > 0;', 'job_title'),
    ('CREATE INDEX {} ON person (lower(job_title));', 'lower_job_title'),
    ('CREATE INDEX {} ON person ((born + 1), name);', 'born_1__name'),
    ('CREATE INDEX "{}" ON "person" ("job_title");', 'job_title'),
    ('CREATE INDEX {} ON person (job_title)', 'job_title'),
    ('CREATE INDEX IF NOT EXISTS {} ON person (job_title);', 'job_title'),
    ('CREATE INDEX {} ON ONLY person (job_title);', 'job_title'),
    ('CREATE INDEX {} ON public.person (job_title);', 'job_title'),
    ('CREATE\n  INDEX {}\nON\n  person\n(\n  job_title\n)\n;', 'job_title'),
    ('CREATE /* one */ INDEX {} -- two (x);\n ON person /* idx_person_x */ (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title) INCLUDE (name);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title DESC NULLS LAST, name COLLATE "C" text_pattern_ops);', 'job_title__name'),
    ('CREATE INDEX {} ON person (name) WITH (fillfactor = 70) TABLESPACE pg_default;', 'name'),
    ("DO $$ BEGIN EXECUTE 'CREATE INDEX {} ON person (born)'; END $$;", 'born'),
    ('CREATE INDEX passing ON person (name); ALTER INDEX passing RENAME TO {};', 'name'),
]
MYSQL = [
    ('CREATE INDEX {} ON person (job_title);', 'job_title'),
    ('CREATE UNIQUE INDEX {} ON person (job_title);', 'job_title'),
    ('CREATE INDEX {} USING BTREE ON person (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title) USING BTREE COMMENT \'on (x);\';', 'job_title'),
    ('CREATE FULLTEXT INDEX {} ON person (name);', 'name'),
    ('CREATE INDEX `{}` ON `person` (`job_title`);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title(10), name DESC);', 'job_title__name'),
    ('ALTER TABLE person ADD INDEX {} (born);', 'born'),
    ('ALTER TABLE person ADD KEY {} (born, name), ALGORITHM=INPLACE, LOCK=NONE;', 'born__name'),
    ('CREATE\n  INDEX {}\nON\n  person\n(\n  born\n)\n;', 'born'),
    ('CREATE /* one */ INDEX {} -- two (x);\n ON person (born);', 'born'),
    ('CREATE /*!40000 UNIQUE */ INDEX {} ON person (name);', 'name'),
    ('ALTER TABLE person ADD INDEX passing (name); ALTER TABLE person RENAME INDEX passing TO {};', 'name'),
]
MYSQL_ONLY = [
    ('CREATE INDEX {} ON person ((lower(job_title)));', 'lower_job_title'),
    ('CREATE INDEX {} ON person (born) INVISIBLE;', 'born'),
]
MARIADB_ONLY = [
    ('CREATE OR REPLACE INDEX {} ON person (born);', 'born'),
    ('CREATE INDEX IF NOT EXISTS {} ON person (born);', 'born'),
    ('CREATE INDEX {} ON person (born) IGNORED;', 'born'),
]
SQLITE = [
    ('CREATE INDEX {} ON person (job_title);', 'job_title'),
    ('CREATE UNIQUE INDEX {} ON person(job_title);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title) WHERE born > 0;', 'job_title'),
    ('CREATE INDEX {} ON person (lower(job_title));', 'lower_job_title'),
    ('CREATE INDEX [{}] ON "person" (`job_title`);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title)', 'job_title'),
    ('CREATE INDEX IF NOT EXISTS {} ON person (job_title);', 'job_title'),
    ('CREATE INDEX main.{} ON person (job_title);', 'job_title'),
    ('CREATE\n  INDEX {}\nON\n  person\n(\n  job_title\n)\n;', 'job_title'),
    ('CREATE /* one */ INDEX {} -- two (x);\n ON person /* idx_person_x */ (job_title);', 'job_title'),
    ('CREATE INDEX {} ON person (job_title COLLATE NOCASE DESC, name);', 'job_title__name'),
]


def check(ok, what, seen=''):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: %s%s' % (what, '\n  ' + str(seen)[:2000] if seen != '' else ''))
    return ok


class Lite:
    kind = 'sqlite'
    spellings = SQLITE

    def __init__(self, folder):
        self.folder = folder

    def make(self, name):
        pass

    def path(self, name):
        return '%s/%s.db' % (self.folder, name)

    def url(self, name):
        return 'sqlite:' + self.path(name)

    def run(self, name, sql):
        with sqlite3.connect(self.path(name)) as db:
            db.executescript(sql)

    def drop(self, name):
        pass

    def reserved(self, words):
        """Those that are no name of a table with a column of that name."""
        out = set()
        for word in words:
            db = sqlite3.connect(':memory:')
            try:
                db.executescript("CREATE TABLE %s (%s, CHECK (%s > 0)); INSERT INTO %s VALUES ('own')" %
                                 (word, word, word, word))
                if db.execute('SELECT %s FROM %s' % (word, word)).fetchone() != ('own',):
                    out.add(word)  # the word means something else
            except sqlite3.OperationalError:
                out.add(word)
            db.close()
        return out


class Postgres:
    kind = 'postgresql'
    spellings = POSTGRESQL

    def __init__(self, url):
        self.server = postgresql_live.Server(url, '')
        self.base = url.rstrip('/')

    def make(self, name):
        self.server.make('policy_' + name)

    def url(self, name):
        return '%s/policy_%s' % (self.base, name)

    def run(self, name, sql):
        wrong = self.server.psql('policy_' + name, sql)
        if wrong:
            raise RuntimeError('%s: %s' % (sql, wrong))

    def drop(self, name):
        self.server.drop('policy_' + name)

    def reserved(self, words):
        got = self.server.run('psql', '-X', '-At', '-d', 'postgres', '-c',
                              "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")[1]
        return {w for w in got.split() if w in words}


class My:
    def __init__(self, url):
        self.server = mysql_live.Server(url)
        self.base = url.rstrip('/')
        self.kind = self.server.kind
        self.spellings = MYSQL + (MYSQL_ONLY if self.kind == 'mysql' else MARIADB_ONLY)

    def make(self, name):
        self.server.make('policy_' + name)

    def url(self, name):
        return '%s/policy_%s' % (self.base, name)

    def run(self, name, sql):
        wrong = self.server.apply('policy_' + name, sql)
        if wrong:
            raise RuntimeError('%s: %s' % (sql, wrong))

    def drop(self, name):
        self.server.drop('policy_' + name)

    def reserved(self, words):
        """Those that are no name of a table with a column of that name."""
        sql = ''.join('CREATE TABLE policy_try.%s (%s int);\n' % (w, w) for w in words)
        self.server.make('policy_try')
        subprocess.run([*self.server.client, '-f', 'policy_try'], input=sql.encode(), env=self.server.env,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made = {r[0].lower() for r in self.server.rows(
            'information_schema', "SELECT table_name FROM tables WHERE table_schema = 'policy_try'")}
        self.server.drop('policy_try')
        return {w for w in words if w not in made}


class Judge:
    def __init__(self, snap, folder, opa):
        self.snap, self.folder, self.opa = snap, folder, opa
        self.env = {k: v for k, v in os.environ.items() if not k.startswith('SNAP_')}
        with open(folder + '/snap.yml', 'w') as f:
            f.write(RULES)

    def run(self, *words):
        r = subprocess.run([self.snap, *words], cwd=self.folder, env=self.env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
        return r.returncode, r.stdout, r.stderr

    def findings(self, *words):
        status, out, err = self.run('check', *words, '-f', 'json')
        check(status in (0, 1), 'snap check %s' % ' '.join(words), err)
        found = json.loads(out)['findings'] if status in (0, 1) else []
        wrong = [f for f in found if f['severity'] == 'error']
        check(status == (1 if wrong else 0), 'exit status %d with %d findings' % (status, len(found)))
        return found

    def rego(self, policy, document, query):
        """What the real opa makes of a policy file and an input."""
        path = self.folder + '/input.json'
        with open(path, 'w', encoding='utf8') as f:
            f.write(document)
        words = ['--v0-compatible'] if policy.startswith('tests/') else []
        r = subprocess.run([self.opa, 'eval', *words, '-f', 'json', '-d', os.path.join(ROOT, policy), '-i', path,
                            query], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not check(r.returncode == 0, 'opa eval ' + policy, r.stdout + r.stderr):
            return []
        result = json.loads(r.stdout).get('result')
        return result[0]['expressions'][0]['value'] if result else []


def spelled(judge, place):
    """All spellings under wrong names in one database; then each alone under its right one."""
    typed, wrong, right = [], {}, 0
    place.make('from')
    place.make('to')
    for name in ('from', 'to'):
        place.run(name, TABLE + FIND)
    for i, (sql, end) in enumerate(place.spellings):
        bad, good = 'bad_%d' % i, 'idx_person_' + end
        place.run('to', sql.replace('{}', bad))
        typed.append(sql.replace('{}', bad))
        wrong[bad] = good
    found = judge.findings(place.url('from'), place.url('to'))
    got = {re.split(r'[:/]', f['path'])[-1]: f.get('expected') for f in found if f['rule'] == 'names'}
    check(got == wrong, '%s: every wrong name is found, with the right one' % place.kind,
          {k: (got.get(k), wrong.get(k)) for k in set(got) | set(wrong) if got.get(k) != wrong.get(k)})
    check({f['rule'] for f in found} == {'names'}, '%s: and nothing else' % place.kind, found)
    by_opa(judge, place, wrong, typed)
    for sql, end in place.spellings:
        good = 'idx_person_' + end
        place.run('from', sql.replace('{}', good))
        gone = [f for f in judge.findings(place.url('from')) if f['rule'] == 'names']
        check(not gone, '%s: %s has the right name' % (place.kind, sql), gone)
        on = ' ON person' if place.kind in ('mysql', 'mariadb') else ''
        place.run('from', 'DROP INDEX %s%s;' % (good, on))
        right += 1
    return right


def by_opa(judge, place, wrong, typed):
    if not judge.opa:
        return
    status, document, err = judge.run('check', place.url('from'), place.url('to'), '--opa-input')
    if not check(status == 0, '%s: --opa-input' % place.kind, err):
        return
    model = judge.rego('examples/policy/index_names.rego', document, 'data.snap.index_names.wrong')
    got = {w['name']: w['expected'] for w in model}
    check(got == wrong, '%s: the policy on the model denies each, with the right name' % place.kind,
          {k: (got.get(k), wrong.get(k)) for k in set(got) | set(wrong) if got.get(k) != wrong.get(k)})
    loss = judge.rego('examples/policy/no_loss.rego', document, 'data.snap.no_loss.deny')
    check(loss == [], '%s: nothing is lost' % place.kind, loss)
    text = judge.rego('tests/policy/sql_names.rego', json.dumps({'sqlStatements': typed}), 'data.db_sql.deny')
    seen = {m for m in wrong for t in text if re.search(r'\b%s\b' % m, t)}
    missed = len(wrong) - len(seen)
    check('bad_0' in seen and missed >= 6, '%s: of what users typed a policy on text misses most' % place.kind, seen)
    text = judge.rego('tests/policy/sql_names.rego', document, 'data.db_sql.deny')
    plain = [t for t in text if "expected index name: 'idx_person_job_title'" in t and 'bad_0' in t]
    check(len(plain) == 1, '%s: in sqlStatements it sees the plain one, with the right name' % place.kind, text)
    print('%s: a policy on text misses %d of %d as typed, %d as in sqlStatements' %
          (place.kind, missed, len(wrong), len(wrong) - len({m for m in wrong for t in text if
                                                             re.search(r'\b%s\b' % m, t)})))


def words_of(place, judge, words):
    """The words that are refused as names are those that the server refuses."""
    quote = {'postgresql': '"%s"', 'sqlite': '"%s"'}.get(place.kind, '`%s`')
    place.make('words')
    place.run('words', ''.join('CREATE TABLE %s (id int PRIMARY KEY);' % (quote % w) for w in words))
    found = {re.split(r'[:/]', f['path'])[-1] for f in judge.findings(place.url('words')) if f['rule'] == 'words'}
    want = place.reserved(words)
    check(found == want, '%s: reserved words' % place.kind, sorted(found ^ want))
    place.drop('words')
    return len(want)


OTHER = {
    'postgresql': (
        'CREATE TABLE a (id int PRIMARY KEY, b_id int, v text, p money, w int, n varchar(20)); COMMENT ON TABLE a IS \'x\';'
        'CREATE TABLE b (id int PRIMARY KEY); COMMENT ON TABLE b IS \'x\';'
        'ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b; CREATE INDEX a_b_id ON a (b_id);'
        'CREATE TABLE log_1 (x int);',
        'DROP INDEX a_b_id; CREATE INDEX a_brin ON a USING brin (b_id); CREATE INDEX a_part ON a (b_id) WHERE w > 0;'
        'ALTER TABLE a DROP COLUMN v; ALTER TABLE a ALTER n TYPE varchar(10); ALTER TABLE a ADD q money;'
        'CREATE TABLE c (id int); COMMENT ON TABLE b IS NULL;', {'REWRITE': 'table public.a'}),
    'mysql': (
        'CREATE TABLE b (id int PRIMARY KEY) COMMENT \'x\'; CREATE TABLE a (id int PRIMARY KEY, b_id int, v text, p float,'
        ' w int, n varchar(20), CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id)) COMMENT \'x\';'
        'CREATE TABLE log_1 (x int);',
        'ALTER TABLE a DROP COLUMN v; ALTER TABLE a MODIFY n varchar(10); ALTER TABLE a ADD q float;'
        'CREATE TABLE c (id int); ALTER TABLE b COMMENT \'\';', {'REWRITE': 'table a'}),
    'sqlite': (
        'CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE TABLE a (id INTEGER PRIMARY KEY, b_id int REFERENCES b, v text,'
        ' p money); CREATE INDEX a_b_id ON a (b_id); CREATE TABLE log_1 (x int);',
        'DROP INDEX a_b_id; CREATE INDEX a_part ON a (b_id) WHERE id > 0; ALTER TABLE a DROP COLUMN v; ALTER TABLE a ADD q money;'
        'CREATE TABLE c (id int);', {'REWRITE': 'table a'}),
}
OTHER_RULES = """version: 1
environments: { prod: { url: "%s" } }
check:
  rules:
    - { id: keys, rule: primary-key, except: "table:log_*" }
    - { id: found, rule: foreign-key-index }
    - { id: types, rule: column-type, types: ["MONEY", "float*"], except: ["column:*.p"] }
    - { id: comments, rule: comment, except: ["table:log_*", "table:c", "table:a"] }
    - { id: hard, rule: forbid, steps: [REWRITE], severity: warning, in: [prod] }
  forbid: { prod: [destructive] }
"""


def others(judge, place):
    """Rules on keys, types, comments and steps, of a change that breaks each; a change that does nothing, and the
    environment that does not forbid, break none."""
    family = 'mysql' if place.kind == 'mariadb' else place.kind
    first, change, hard = OTHER[family]
    for name in ('from', 'to'):
        if place.kind == 'sqlite':
            os.remove(place.path(name))
        place.make(name)
        place.run(name, first)
    with open(judge.folder + '/snap.yml', 'w') as f:
        f.write(OTHER_RULES % place.url('from'))
    check(judge.findings(place.url('from')) == [], '%s: nothing is wrong at first' % place.kind)
    check(judge.findings('prod', place.url('to')) == [], '%s: no change, no finding' % place.kind)
    place.run('to', change)
    public = 'public.' if family == 'postgresql' else ''
    want = {('keys', 'table %sc' % public), ('types', 'column %sa.q' % public), ('forbid-prod', 'column %sa.v' % public)}
    want |= {('hard', x) for x in hard.values()}
    if family != 'sqlite':
        want.add(('comments', 'table %sb' % public))
    if family == 'postgresql':
        want.add(('found', 'foreign key public.a.a_b'))
    if family == 'sqlite':
        want.add(('found', 'foreign key of a'))
    found = judge.findings('prod', place.url('to'))
    got = {(f['rule'], f['object']) for f in found}
    got -= {x for x in got if x[0] == 'forbid-prod' and x[1] == 'column %sa.n' % public}  # values that are cut
    check(got == want, '%s: what a change breaks' % place.kind, sorted(got ^ want))
    found = judge.findings(place.url('from'), place.url('to'))
    check({f['rule'] for f in found} == {x[0] for x in want} - {'hard', 'forbid-prod'},
          '%s: no environment, no forbidden steps' % place.kind, found)


def all_words():
    """Words that some server knows, and some that none does."""
    out = {'person', 'total', 'key_x'}
    for file in ('drivers/mysql/reserved.c', 'drivers/postgresql/reserved.c', 'drivers/sqlite/canon.c'):
        with open(os.path.join(ROOT, file)) as f:
            text = f.read()
        for literal in re.findall(r'^    "([A-Za-z_0-9,]+)"', text, re.M):
            out |= {w.lower() for w in literal.split(',') if w}
    return sorted(out)


def main():
    args = sys.argv[1:]
    chosen = tools.engines(args)
    snap = os.path.abspath(args[0])
    opa = None
    if args[1:]:
        subprocess.run([os.path.join(ROOT, 'tests', 'flows', 'opa.sh'), args[1]], check=True)
        opa = os.path.join(os.path.abspath(args[1]), 'opa', 'opa')
    folder = tempfile.mkdtemp(prefix='snap-check-')
    told, words = [], all_words()
    try:
        for name, url in chosen:
            place = {'sqlite': Lite, 'postgresql': Postgres}.get(name, My)(url or folder)
            judge = Judge(snap, folder, opa)
            try:
                n = spelled(judge, place)
                others(judge, place)
                judge = Judge(snap, folder, opa)
                told.append('%s %d spellings, %d reserved words' % (place.kind, n, words_of(place, judge, words)))
            finally:
                for name in ('from', 'to', 'words'):
                    place.drop(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print('check: %d checks, %d failed (%s)' % (CHECKS, FAILED, '; '.join(told)))
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
