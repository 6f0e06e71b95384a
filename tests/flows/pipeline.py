"""A delivery pipeline as teams run it, step by step, on SQLite, PostgreSQL, MariaDB and MySQL: development and
authoring are brought level with git; authoring is changed by hand; a snapshot of it is taken; the difference
becomes diff.yaml; yq annotates it; it is put into the master changelog and pushed; a second environment pulls,
is tagged and updated by the real Liquibase; a changeSet that fails stops the next deployment, which is rolled
back to the tag, and the snapshots before and after are the same bytes. What each database holds is told by
pg_dump, SHOW CREATE and sqlite_schema.
"""
import os
import sys
import threading
import traceback
import urllib.parse

import observer
import tools

sys.path.insert(0, os.path.join(tools.ROOT, 'tests', 'live'))
import mysql as mysql_live  # noqa: E402
import postgresql as postgresql_live  # noqa: E402

AT_LEAST = 50  # checks on each engine
MASTER = 'changelogs/pipeline-authored/changelog.yml'
FIRST = """# what every environment has
databaseChangeLog:
- changeSet:
    id: "1"
    author: "first"
    changes:
    - createTable:
        tableName: person
        columns:
        - column: {name: id, type: int, constraints: {primaryKey: true, nullable: false}}
        - column: {name: name, type: varchar(80), constraints: {nullable: false}}
"""
ROWS = "INSERT INTO person (id, name) VALUES (1, 'Ada'), (2, 'Grace');"
FAILS = """databaseChangeLog:
- changeSet:
    id: "fails"
    author: "ana"
    changes:
    - sql: {sql: "INSERT INTO no_such_table VALUES (1)", splitStatements: false, stripComments: false}
    rollback: empty
"""
# What is done by hand, one ticket after the other. A text that Liquibase would expand is among it.
BY_HAND = {
    'JIRA-21': {
        'all': "ALTER TABLE person ADD COLUMN job_title varchar(60) DEFAULT '${DB_PASSWORD}';"
               'CREATE INDEX idx_person_job_title ON person (job_title);'
               'CREATE TABLE team (id int NOT NULL PRIMARY KEY, name varchar(40) NOT NULL, lead_id int,'
               '  CONSTRAINT team_lead FOREIGN KEY (lead_id) REFERENCES person (id) ON DELETE SET NULL);'
               'CREATE VIEW leads AS SELECT t.name AS team, p.name AS person FROM team t JOIN person p'
               ' ON p.id = t.lead_id;',
        'postgresql': "COMMENT ON TABLE team IS 'it''s; ${x}'; CREATE FUNCTION size_of(t int) RETURNS bigint"
                      ' LANGUAGE sql AS $$ SELECT count(*) FROM person; $$;'
                      'CREATE UNIQUE INDEX person_low ON person (lower(name)) WHERE id > 0;',
        'mysql': "ALTER TABLE team COMMENT 'it''s; ${x}';\nDELIMITER //\n"
                 'CREATE TRIGGER team_bi BEFORE INSERT ON team FOR EACH ROW BEGIN SET NEW.name = trim(NEW.name);'
                 ' SET NEW.lead_id = NEW.lead_id; END//\nDELIMITER ;\n',
        'sqlite': 'CREATE TRIGGER team_ai AFTER INSERT ON team BEGIN UPDATE person SET job_title = NULL'
                  ' WHERE id = NEW.lead_id; END;',
    },
    'JIRA-22': {
        'all': 'DROP VIEW leads; DROP INDEX idx_person_job_title%s; CREATE TABLE badge (id int NOT NULL PRIMARY KEY,'
               ' colour varchar(10) NOT NULL DEFAULT \'red\' CHECK (colour <> \'\'));',
        'postgresql': 'ALTER TABLE person ALTER COLUMN name TYPE varchar(120);',
        'mysql': 'ALTER TABLE person MODIFY name varchar(120) NOT NULL;',
        'sqlite': 'DROP TRIGGER team_ai;',
    },
}
SNAPSHOT = 'snap snapshot --url %s --output-file mySnapshot.json --snapshot-format json'
DIFF = ("snap diff-changelog --url %s --reference-url 'offline:%s?snapshot=mySnapshot.json' --author ana@example.org "
        '--label-filter %s --generate-changeset-created-values="true" '
        '--generated-changeset-ids-contains-description="true" --changelog-file diff.yaml')
EDIT = ("""yq '.databaseChangeLog.[].changeSet.comment = "%s" | .databaseChangeLog.[] |= """
        """.changeSet.id = "%s-"+(path | .[-1])' diff.yaml > diff-comments.yaml""")
MERGE = ("""yq -i 'load("diff-comments.yaml") as $d2 | .databaseChangeLog += $d2.databaseChangeLog' """
         'repo/' + MASTER)
APPEND = 'snap append repo/%s diff-comments.yaml' % MASTER
# another change under the ids of the ticket, as a second round of the same edit makes it
OTHER = """yq '.databaseChangeLog[0].changeSet.changes = [{"sql": {"sql": "SELECT 1"}}]' diff-comments.yaml > other.yaml"""
COMMIT = ('cd repo && git add -A && git -c user.email=ana@example.org -c user.name=Pipeline commit -q -m '
          "'Automated changelog update for ticket %s' && git push -q origin HEAD:main")


class Lite:
    """Databases of SQLite in a folder."""
    kind = family = 'sqlite'
    user = password = None

    def __init__(self, folder):
        self.folder = folder

    def make(self, name):
        tools.execute(self.path(name), '')

    def path(self, name):
        return '%s/%s.db' % (self.folder, name)

    def url(self, name):
        return 'sqlite:' + self.path(name)

    def jdbc(self, name):
        return 'jdbc:' + self.url(name)

    def apply(self, name, sql):
        tools.execute(self.path(name), sql)

    def see(self, name):
        return sorted(observer.see(self.path(name)).items(), key=repr)

    def rows(self, name):
        return tools.query(self.path(name), 'SELECT id, name FROM person ORDER BY id')

    def clean(self):
        pass


class Server:
    """Databases of a server, with a name before theirs."""

    def __init__(self, live, kind, url):
        u = urllib.parse.urlparse(url)
        self.live, self.kind, self.made = live, kind, []
        self.family = 'postgresql' if kind == 'postgresql' else 'mysql'
        self.base = url.rstrip('/')
        self.server = 'jdbc:%s://%s:%d/' % (kind, u.hostname, u.port)
        self.user = u.username or 'root'
        self.password = urllib.parse.unquote(u.password or '') or ('none' if kind == 'postgresql' else '')

    def name(self, name):
        return 'pipeline_' + name

    def make(self, name):
        self.made.append(name)
        self.live.make(self.name(name))

    def url(self, name):
        return '%s/%s' % (self.base, self.name(name))

    def jdbc(self, name):
        return self.server + self.name(name)

    def apply(self, name, sql):
        run = self.live.psql if self.family == 'postgresql' else self.live.apply
        wrong = run(self.name(name), sql)
        if wrong:
            raise RuntimeError(wrong)

    def see(self, name):
        """Without what Liquibase keeps, and the session in which a view was made, which is no part of it."""
        view = self.family == 'mysql' and 'view '
        return [(head, body.rsplit('\n', 2)[0] if view and head.startswith(view) else body)
                for head, body in self.live.dump(self.name(name)) if 'databasechangelog' not in head.lower()]

    def rows(self, name):
        sql = 'SELECT id, name FROM person ORDER BY id'
        if self.family == 'mysql':
            return self.live.rows(self.name(name), sql)
        return self.live.run('psql', '-X', '-At', '-d', self.name(name), '-c', sql)[1]

    def clean(self):
        for name in self.made:
            self.live.drop(self.name(name))


class Pipeline:
    def __init__(self, checks, user, lb, place, folder):
        self.checks, self.user, self.lb, self.place, self.folder = checks, user, lb, place, folder
        self.repo = folder + '/repo'
        self.tag = None  # that the last changelog has left
        os.makedirs(folder)

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, 'pipeline on %s: %s' % (self.place.kind, what), seen)

    def types(self, line, want=0):
        return self.user.must(self.checks, line, self.folder, want)

    def tool(self, command, name, repo='repo', **arguments):
        login = {} if self.place.user is None else {'username': self.place.user, 'password': self.place.password}
        return self.lb.run(command, dir='%s/%s' % (self.folder, repo), url=self.place.jdbc(name),
                           **({} if command == 'tag' else {'changelogFile': MASTER}), **login, **arguments)

    def deploys(self, command, name, **more):
        error = self.tool(command, name, **more)
        self.check(not error, '%s of %s' % (command, name), error)

    def is_at(self, name, want, what):
        got = self.place.see(name)
        gone = [x for x in got if x not in want] + [x for x in want if x not in got]
        self.check(not gone, what, gone)

    def begin(self):
        """A repository, and three environments at its first changeSets."""
        if self.place.kind == 'mysql':  # none is installed that snap could start by itself
            with open(self.folder + '/snap.yml', 'w', encoding='utf8') as f:
                f.write('version: 1\nscratch: { mysql: "%s/" }\n' % self.place.base)
        self.types('git init -q --bare origin.git && git clone -q origin.git repo 2>&1 && cd repo && git checkout -q -b main')
        os.makedirs(os.path.dirname('%s/%s' % (self.repo, MASTER)))
        with open('%s/%s' % (self.repo, MASTER), 'w', encoding='utf8') as f:
            f.write(FIRST)
        self.types(COMMIT % 'first')
        self.types('git clone -q -b main origin.git second')
        for name in ('development', 'authoring', 'second'):
            self.place.make(name)
            self.deploys('update', name)
            self.place.apply(name, ROWS)
        self.types('snap diff %s %s' % (self.place.url('development'), self.place.url('authoring')))

    def author(self, ticket, merge):
        """From authoring by hand to a pushed master; gives what authoring is then."""
        place = self.place
        sql = BY_HAND[ticket]['all'] + BY_HAND[ticket][place.family]
        place.apply('authoring', sql.replace('%s', ' ON person' if place.family == 'mysql' else ''))
        wanted = place.see('authoring')
        self.types(SNAPSHOT % place.url('authoring'))
        tag = ' --tag after-' + ticket if place.kind == 'sqlite' else ''
        _, err = self.types(DIFF % (place.url('development'), place.kind, ticket) + tag)
        self.check('proof:' in err, ticket + ': the changelog is proven', err)
        self.types(EDIT % ('why: ' + ticket, ticket))
        self.types(merge)
        if merge == APPEND:
            self.types('cp repo/%s once.yml && %s && cmp once.yml repo/%s' % (MASTER, merge, MASTER))
            self.types(OTHER)
            out, err = self.types('snap append repo/%s other.yaml' % MASTER, want=3)
            self.check(ticket + '-0' in out + err, ticket + ': an id that is taken is refused by name', out + err)
            self.types('cmp once.yml repo/' + MASTER)
        self.types('cat repo/' + MASTER)
        self.types(COMMIT % ticket)
        self.deploys('update', 'development')
        self.is_at('development', wanted, ticket + ': development is as authoring')
        self.types('snap diff %s offline:%s?snapshot=mySnapshot.json' % (place.url('development'), place.kind))
        return wanted

    def promote(self, ticket, wanted):
        """The second environment: a deployment that fails is taken back to the tag, then one that does not."""
        place, before, rows = self.place, self.place.see('second'), self.place.rows('second')
        self.types('cd second && git pull -q')
        self.types('snap snapshot %s -o before.json' % place.url('second'))
        tag = self.tag or 'before-' + ticket
        if not self.tag:
            self.deploys('tag', 'second', tag=tag)
        master = '%s/second/%s' % (self.folder, MASTER)
        with open(master, encoding='utf8') as f:
            good = f.read()
        with open(self.folder + '/fails.yaml', 'w', encoding='utf8') as f:
            f.write(FAILS)
        self.types("yq -i '.databaseChangeLog += load(\"fails.yaml\").databaseChangeLog' second/" + MASTER)
        error = self.tool('update', 'second', repo='second')
        self.check('no_such_table' in error, ticket + ': the deployment fails as it is meant to', error)
        self.is_at('second', wanted, ticket + ': what came before the failure is there')
        self.deploys('rollback', 'second', repo='second', tag=tag)
        self.is_at('second', before, ticket + ': rolled back to the tag')
        self.types('snap snapshot %s -o after.json && cmp before.json after.json' % place.url('second'))
        with open(master, 'w', encoding='utf8') as f:
            f.write(good)
        self.deploys('update', 'second', repo='second')
        self.is_at('second', wanted, ticket + ': the second environment is as authoring')
        # On SQLite the command gives a tag to all rows of the last second, and a rollback goes to the first of
        # them; the changeSet that --tag has written tags itself alone.
        self.tag = 'after-' + ticket if place.kind == 'sqlite' else None
        self.check(place.rows('second') == rows, ticket + ': its rows are there', place.rows('second'))
        self.types('snap diff %s offline:%s?snapshot=mySnapshot.json' % (place.url('second'), place.kind))


def one_place(checks, user, build, place, folder):
    lb = tools.Liquibase(build, '5.0.4', folder + '/java-' + place.kind)
    try:
        flow = Pipeline(checks, user, lb, place, '%s/%s' % (folder, place.kind))
        flow.begin()
        for ticket, merge in (('JIRA-21', MERGE), ('JIRA-22', APPEND)):
            flow.promote(ticket, flow.author(ticket, merge))
    except Exception:
        checks.check(False, 'pipeline on %s: the test itself' % place.kind, traceback.format_exc())
    finally:
        lb.close()
        place.clean()


def places(folder, engines):
    os.makedirs(folder + '/files')
    for name, url in engines:
        if name == 'sqlite':
            yield Lite(folder + '/files')
        else:
            yield Server(postgresql_live.Server(url, '') if name == 'postgresql' else mysql_live.Server(url), name, url)


def run(checks, user, folder, build):
    engines, before = tools.engines(sys.argv[1:]), checks.n
    threads = [threading.Thread(target=one_place, args=(checks, user, build, p, folder))
               for p in places(folder, engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.check(checks.n - before >= AT_LEAST * len(engines), 'pipeline: too few checks were made', checks.n - before)
