"""From a hand-made change to every environment: development and authoring are level, authoring is changed
by hand, snap writes diff.yaml, yq edits it and merges it into the master changelog, and the real Liquibase
runs that. What each database holds then is told by an observer that is not snap.
"""
import os
import re
import threading

import observer
import tools

VERSIONS = ('4.28.0', '5.0.4')
MASTER = """databaseChangeLog:
- changeSet:
    id: "1"
    author: "first"
    changes:
    - createTable:
        tableName: person
        columns:
        - column: {name: id, type: int, constraints: {primaryKey: true, nullable: false}}
        - column: {name: name, type: varchar(80), constraints: {nullable: false}}
        - column: {name: job, type: varchar(40)}
- changeSet:
    id: "2"
    author: "first"
    changes:
    - sql:
        sql: CREATE TABLE team (id INTEGER PRIMARY KEY, name text, lead int REFERENCES person (id) ON DELETE CASCADE)
        splitStatements: false
        stripComments: false
    rollback:
    - dropTable: {tableName: team}
"""
ROWS = """
INSERT INTO person (id, name, job) VALUES (1, 'Ada', 'author'), (2, 'Grace', NULL), (3, 'Edsger', 'x');
INSERT INTO team (id, name, lead) VALUES (1, 'one', 1), (2, 'two', 2);
"""
# What is done by hand in authoring, one ticket after the other.
TICKETS = {
    'JIRA-7': """
ALTER TABLE person ADD COLUMN mail text DEFAULT '${DB_PASSWORD} ${x}';
CREATE INDEX person_job_idx ON person (job DESC);
CREATE UNIQUE INDEX person_mail_idx ON person (mail, id) WHERE mail <> '';
CREATE TABLE "the badge" (id INTEGER PRIMARY KEY AUTOINCREMENT, person int NOT NULL REFERENCES person (id),
  colour text COLLATE NOCASE DEFAULT 'it''s; ${' CHECK (colour NOT IN ('--', '/* x */')));
CREATE VIEW staff AS
  SELECT name, 'a	tab é 😀 \u0085 # - : "x" \\ %' AS odd -- a comment; here

  FROM person;
CREATE TRIGGER person_ai AFTER INSERT ON person BEGIN
  INSERT INTO "the badge" (person) VALUES (NEW.id); -- one
  UPDATE team SET lead = NEW.id WHERE lead IS NULL;
END;
""".replace('\\u0085', '\u0085'),
    'JIRA-8': """
DROP VIEW staff;
DROP INDEX person_job_idx;
CREATE TABLE tmp AS SELECT * FROM team;
DROP TABLE team;
CREATE TABLE team (id INTEGER PRIMARY KEY, name text NOT NULL CHECK (name <> '${x}'), size int DEFAULT 0,
  lead int REFERENCES person (id) ON DELETE SET NULL);
INSERT INTO team (id, name, lead) SELECT id, name, lead FROM tmp;
DROP TABLE tmp;
CREATE VIEW team_lead AS SELECT t.name, p.name AS "the ${lead}" FROM team t LEFT JOIN person p ON p.id = t.lead;
""",
}
SNAPSHOT = 'snap snapshot authoring -o mySnapshot.json'
DIFF = ("snap diff-changelog --reference-url 'offline:sqlite?snapshot=mySnapshot.json' --url sqlite:dev.db "
        '--author ada@example.org --label-filter %s --generate-changeset-created-values="true" '
        '--generated-changeset-ids-contains-description="true" --changelog-file diff.yaml')
# The lines of a pipeline that annotates and merges, then that of the guide.
EDIT = ("""yq '.databaseChangeLog.[].changeSet.comment = "%s" | .databaseChangeLog.[] |= """
        """.changeSet.id = "%s-"+(path | .[-1])' diff.yaml > diff-comments.yaml""")
MERGE = ("""yq -i 'load("diff-comments.yaml") as $d2 | .databaseChangeLog += $d2.databaseChangeLog' """
         'changelog.yml')
GUIDE = """yq -i 'load("diff.yaml") as $d | .databaseChangeLog += $d.databaseChangeLog' changelog.yml"""
SETTINGS = """version: 1
environments:
  dev: { url: "sqlite:dev.db" }
  authoring: { url: "sqlite:authoring.db" }
  prod: { url: "sqlite:prod.db", protected: true }
"""


class Flow:
    """One user with one version of Liquibase."""

    def __init__(self, checks, user, lb, folder):
        self.checks, self.user, self.lb, self.folder = checks, user, lb, folder
        self.master = folder + '/changelog.yml'
        os.makedirs(folder)

    def db(self, name):
        return '%s/%s.db' % (self.folder, name)

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, 'Liquibase %s: %s' % (self.lb.version, what), seen)

    def equal(self, got, want, what):
        return self.check(got == want, what, 'got %r, wanted %r' % (got, want))

    def types(self, line, want=0):
        return self.user.must(self.checks, line, self.folder, want)

    def deploy(self, command, name, **arguments):
        error = self.lb.on(command, self.db(name), self.master, **arguments)
        return self.check(not error, '%s %s on %s' % (command, arguments or '', name), error)

    def is_at(self, name, state, what):
        gone = observer.differences(observer.see(self.db(name)), state)
        self.check(not gone, what, gone)


def begin(flow):
    """Three environments made by the first changeSets, with rows."""
    for file, text in (('changelog.yml', MASTER), ('snap.yml', SETTINGS)):
        with open('%s/%s' % (flow.folder, file), 'w', encoding='utf8') as f:
            f.write(text)
    for name in ('dev', 'authoring', 'prod'):
        flow.deploy('update', name)
        tools.execute(flow.db(name), ROWS)
    out, _ = flow.types('snap diff dev authoring')
    flow.check(out.count('\n') == 1, 'development and authoring are level', out)


def generate(flow, ticket, edited):
    """The changelog, and its way into the master; gives the number of its changeSets."""
    before = count(flow)
    flow.types(SNAPSHOT)
    _, err = flow.types(DIFF % ticket)
    flow.check('proof:' in err, '%s: the changelog is proven' % ticket, err)
    n = int(re.match(r'\d+', err).group()) if re.match(r'\d+', err) else 0
    if edited:
        flow.types(EDIT % ('why: ' + ticket, ticket))
        flow.types('snap verify diff-comments.yaml --from dev --to authoring')
        flow.types(MERGE)
    else:
        flow.types(GUIDE)
    flow.equal(count(flow), before + n, '%s: the master has the changeSets of both' % ticket)
    return n


def count(flow):
    out, _ = flow.types("yq '.databaseChangeLog | length' changelog.yml")
    return int(out)


def promote(flow, ticket, n, wanted):
    """Development first, then back and forth, then production."""
    start = observer.see(flow.db('dev'))
    rows = observer.rows(flow.db('dev'))
    steps = [start]
    tools.copy(flow.db('dev'), flow.db('steps'))
    for _ in range(n):
        flow.deploy('updateCount', 'steps', count=1)
        steps.append(observer.see(flow.db('steps')))
    flow.deploy('update', 'dev')
    flow.is_at('dev', wanted, '%s: update' % ticket)
    for back in range(1, n + 1):
        flow.deploy('rollbackCount', 'dev', count=back)
        flow.is_at('dev', steps[n - back], '%s: rollback-count %d of %d' % (ticket, back, n))
        flow.deploy('update', 'dev')
        flow.is_at('dev', wanted, '%s: update after rollback-count %d' % (ticket, back))
    lost = observer.lost(rows, observer.rows(flow.db('dev')))
    flow.check(not lost, '%s: rows of development' % ticket, lost)
    flow.deploy('update', 'prod')
    flow.is_at('prod', wanted, '%s: production' % ticket)
    flow.types('snap diff dev authoring')
    flow.types('snap diff prod authoring')


def recorded(flow, ticket, n, edited):
    """What DATABASECHANGELOG holds of the ticket."""
    got = tools.query(flow.db('prod'), 'select ID, AUTHOR, LABELS, COMMENTS from DATABASECHANGELOG '
                      'where LABELS is not null order by ORDEREXECUTED')[-n:]
    flow.check(all(r[1] == 'ada@example.org' and r[2].upper() == ticket for r in got),
               '%s: author and label' % ticket, got)
    if edited:
        flow.equal([r[0] for r in got], ['%s-%d' % (ticket, i) for i in range(n)], '%s: ids' % ticket)
        flow.equal({r[3] for r in got}, {'why: ' + ticket}, '%s: comments' % ticket)
    else:
        flow.check(all(re.match(r'[0-9a-f]{16} \(.+\)$', r[0]) for r in got), '%s: ids' % ticket, got)
    with open(flow.db('prod'), 'rb') as f:
        flow.check(b'hunter' not in f.read(), '%s: no secret of the environment arrived' % ticket)


def one_ticket(flow, ticket, edited):
    tools.execute(flow.db('authoring'), TICKETS[ticket])
    wanted = observer.see(flow.db('authoring'))
    flow.types('snap diff dev authoring --quiet', 1)
    n = generate(flow, ticket, edited)
    flow.check(n >= 4, '%s: changeSets' % ticket, n)
    promote(flow, ticket, n, wanted)
    recorded(flow, ticket, n, edited)


def nothing_new(flow):
    """No difference: the same lines still work and the master stays as it is."""
    before = count(flow)
    flow.types(SNAPSHOT)
    _, err = flow.types(DIFF % 'JIRA-9')
    flow.check('0 changes' in err, 'no difference is said', err)
    flow.types(EDIT % ('nothing', 'JIRA-9'))
    flow.types(MERGE)
    flow.equal(count(flow), before, 'the master stays')
    flow.deploy('update', 'dev')


def all_back(flow):
    """From the last changeSet to the one before the first ticket, in production."""
    n = tools.query(flow.db('prod'), 'select count(*) from DATABASECHANGELOG')[0][0] - 2
    flow.deploy('rollbackCount', 'prod', count=n)
    fresh = Flow(flow.checks, flow.user, flow.lb, flow.folder + '/fresh')
    with open(fresh.master, 'w', encoding='utf8') as f:
        f.write(MASTER)
    fresh.deploy('update', 'first')
    flow.is_at('prod', observer.see(fresh.db('first')), 'both tickets taken back')
    fresh.master = flow.master
    os.remove(fresh.db('first'))
    fresh.deploy('update', 'new')
    flow.equal(observer.differences(observer.see(fresh.db('new')), observer.see(flow.db('authoring'))), [],
               'a new database by the whole master')


def one_version(checks, user, build, version, folder):
    lb = tools.Liquibase(build, version, folder + '/java-' + version)
    try:
        flow = Flow(checks, user, lb, '%s/%s' % (folder, version))
        begin(flow)
        one_ticket(flow, 'JIRA-7', edited=True)
        one_ticket(flow, 'JIRA-8', edited=False)
        nothing_new(flow)
        all_back(flow)
    except Exception as e:
        checks.check(False, 'authoring with %s: the test itself' % version, repr(e))
    finally:
        lb.close()


def run(checks, user, folder, build):
    threads = [threading.Thread(target=one_version, args=(checks, user, build, v, folder)) for v in VERSIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
