#!/usr/bin/env python3
"""snap log, show and blame, and history:ENV@TIME as a source, on a history that snap drift kept: nights in which
the real Liquibase deploys a changelog of snap's, somebody works by hand, Flyway's table names a script, and nothing
happens. What a night was is told by the snapshot taken in it. On PostgreSQL the history is kept there, too.
usage: log.py SNAP BUILD [--engine NAME,...]     NAME: sqlite, postgresql, mariadb, mysql, mongodb
"""
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'liquibase'))
import tools  # noqa: E402
import data  # noqa: E402

START = datetime.datetime(2026, 11, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)
FLYWAY = ('CREATE TABLE flyway_schema_history (installed_rank int NOT NULL, version varchar(50), description varchar(200), '
          'type varchar(20), script varchar(1000), installed_by varchar(100), installed_on varchar(40), success {bool});')
FIRST = """CREATE TABLE orders (id integer NOT NULL PRIMARY KEY, note varchar(40));
CREATE TABLE items (id integer NOT NULL PRIMARY KEY, qty integer);
CREATE TABLE parts (id integer NOT NULL PRIMARY KEY, name varchar(40));"""
DEV = """CREATE TABLE orders (id integer NOT NULL PRIMARY KEY, note varchar(40), total {number});
CREATE INDEX orders_total ON orders (total);
CREATE TABLE items (id integer NOT NULL PRIMARY KEY, qty integer);
CREATE TABLE parts (id integer NOT NULL PRIMARY KEY, name varchar(40));"""
NASTY = 'a"b\'c`d${x}--\x1b[31m\n</script>\u202e]]>'


def time_of(night):
    return (START + datetime.timedelta(days=night)).strftime('%Y-%m-%dT%H:%M:%SZ')


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 0 if unicodedata.combining(c) else 1 for c in text)


class Nights:
    def __init__(self, checks, program, build, kind, url, folder):
        self.checks, self.program, self.kind, self.folder, self.build = checks, program, kind, folder, build
        self.place = data.Server(kind, url) if url else data.Lite(folder)
        self.family = self.place.family
        self.names = ['log_prod', 'log_dev'] + (['log_kept'] if kind == 'postgresql' else [])
        for name in self.names:
            self.place.make(name)
        kept = ', history: "%s"' % self.place.url('log_kept') if kind == 'postgresql' else ''
        with open(folder + '/snap.yml', 'w', encoding='utf8') as f:
            scratch = 'scratch: { mysql: "%s/" }\n' % self.place.base if self.family == 'mysql' else ''
            f.write('version: 1\n%senvironments:\n  prod: { url: "%s" }\n  dev: { url: "%s" }\n'
                    'drift:\n  prod: { baseline: base.snap.json%s }\n'
                    % (scratch, self.place.url('log_prod'), self.place.url('log_dev'), kept))

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, '%s: %s' % (self.kind, what), seen)

    def snap(self, *args, status=0, night=None, says=''):
        env = dict(os.environ)
        if night is not None:
            env['SOURCE_DATE_EPOCH'] = str(int((START + datetime.timedelta(days=night)).timestamp()))
        r = subprocess.run([self.program, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        out, err = r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')
        want = status if isinstance(status, tuple) else (status,)
        self.check(r.returncode in want and says in out + err, 'snap %s: exit %d, <%s>' % (' '.join(args), r.returncode, says),
                   out + err)
        return out

    def people(self, *args):
        """Text for a terminal: no line is wide, and nothing in it acts."""
        out = self.snap(*args)
        lines = out.split('\n')
        self.check(all(width(line) <= 100 for line in lines), 'snap %s: a wide line' % ' '.join(args),
                   [line for line in lines if width(line) > 100])
        self.check(not re.search('[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]', out),
                   'snap %s: a control character' % ' '.join(args), repr(out))
        return out

    def json(self, *args):
        out = self.snap(*args, '-f', 'json')
        try:
            return json.loads(out)
        except ValueError as e:
            self.check(False, 'snap %s: no JSON' % ' '.join(args), '%s %s' % (e, out))
            return {}

    def sql(self, text):
        text = text.format(number=self.place.number, t='databasechangelog' if self.family == 'postgresql' else 'DATABASECHANGELOG',
                           bool='boolean' if self.family != 'sqlite' else 'int')
        error = self.place.apply('log_prod', text)
        self.check(not error, 'what a night needs', error)

    def night(self, n):
        self.snap('drift', 'prod', night=n, status=(0, 1))
        self.snap('snapshot', 'prod', '-o', 'night%d.snap.json' % n)

    def name(self, table, column=None):
        """As reports call it."""
        return ('public.' if self.family == 'postgresql' else '') + table + ('.' + column if column else '')

    # ---- the nights ----

    def run_nights(self):
        self.sql(FIRST)
        self.snap('snapshot', 'prod', '-o', 'base.snap.json')
        self.night(0)
        error = self.place.apply('log_dev', DEV.format(number=self.place.number))
        self.check(not error, 'dev', error)
        self.snap('changelog', 'prod', 'dev', '-o', 'diff.yaml', '--author', 'alice')
        liquibase = tools.Liquibase(self.build, '5.0.4', self.folder + '/java')
        error = liquibase.run('update', dir=self.folder, url=self.place.jdbc('log_prod'), changelogFile='diff.yaml', **self.place.login)
        liquibase.close()
        self.check(not error, 'liquibase update', error)
        self.night(1)
        self.sql('CREATE INDEX by_hand ON orders (note);')
        self.night(2)
        self.night(3)
        self.sql(FLYWAY + "INSERT INTO flyway_schema_history VALUES (1, '2', 'drop items', 'SQL', 'V2__drop_items.sql', 'bob', "
                 "'2026-11-04 09:00:00', {yes}); DROP TABLE items;".replace('{yes}', 'true' if self.family != 'sqlite' else '1'))
        self.night(4)
        quoted = '"%s"' if self.family != 'mysql' else '`%s`'
        columns = 'ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, DESCRIPTION'
        values = ', '.join("('%s', 'ca\x1b[31mrol \u202e${{x}}', 'db/%s.sql', '2026-11-05 09:00:00', %d, 'EXECUTED', 'sql')" % (i, i, 90 + k)
                           for k, i in enumerate(('raw-1', 'raw-2')))
        if self.family == 'postgresql':  # a real timestamp there
            values = values.replace("'2026-11-05 09:00:00'", "timestamp '2026-11-05 09:00:00'")
        self.sql('INSERT INTO {t} (%s) VALUES %s; ALTER TABLE parts ADD COLUMN weight integer;' % (columns, values))
        self.night(5)
        nasty = NASTY.replace('`', '``') if self.family == 'mysql' else NASTY.replace('"', '""')
        text = ('CREATE TABLE %s (id integer NOT NULL PRIMARY KEY);' % (quoted % nasty))
        error = self.place.apply('log_prod', text)
        self.check(not error, 'a hostile table', error)
        self.night(6)

    # ---- what is told of them ----

    def find(self, facts, what):
        found = [f for f in facts if f['path'].split('/')[-1] == what]
        self.check(len(found) == 1, 'one fact %s' % what, [f['path'] for f in facts])
        return found[0] if found else {'made': {}, 'attributes': []}

    def between(self, event, before, after, by, what):
        self.check((event or {}).get('not_before') == (None if before is None else time_of(before)) and
                   (event or {}).get('time') == time_of(after) and (event or {}).get('by') == by,
                   what + ': between nights %s and %s, %s' % (before, after, by), event)
        return (event or {}).get('deployed', [])

    def blames(self):
        got = self.json('blame', 'prod', 'orders')
        facts = got.get('facts', [])
        ran = self.between(self.find(facts, 'column:total')['made'], 0, 1, 'changeset', 'what Liquibase deployed')
        with open(self.folder + '/diff.yaml', encoding='utf8') as f:
            text = f.read()
        self.check(len(ran) == 1 and ran[0]['id'] in text and ran[0]['author'] == 'alice' and ran[0]['tool'] == 'liquibase' and
                   ran[0]['file'] == 'diff.yaml' and ran[0]['deployment'], 'the very changeSet', ran)
        index = 'index:orders_total'
        other = self.json('blame', 'prod', 'index orders_total' if self.family == 'postgresql' else 'index orders.orders_total')
        ran = self.between(self.find(other.get('facts', []), index)['made'], 0, 1, 'changeset', 'an index that Liquibase deployed')
        self.check(len(ran) == 1 and ran[0]['id'] in text, 'its changeSet', ran)
        hand = self.json('blame', 'prod', 'by_hand').get('facts', [])
        self.between(self.find(hand, 'index:by_hand')['made'], 1, 2, 'hand', 'what was made by hand')
        self.between(self.find(facts, 'table:orders')['made'], None, 0, 'before', 'what was there before')
        gone = self.json('blame', 'prod', 'items').get('facts', [])
        fact = self.find(gone, 'table:items')
        ran = self.between(fact.get('dropped'), 3, 4, 'named', 'what Flyway dropped')
        self.check([(r['tool'], r['id'], r['author'], r['file']) for r in ran] ==
                   [('flyway', '2', 'bob', 'V2__drop_items.sql')], 'its script', ran)
        parts = self.json('blame', 'prod', 'parts').get('facts', [])
        ran = self.between(self.find(parts, 'column:weight')['made'], 4, 5, 'one_of', 'one of two')
        self.check([r['id'] for r in ran] == ['raw-1', 'raw-2'], 'both of them', ran)
        for fact in facts + gone + parts:
            for event in [fact['made'], fact['dropped']] + [a['since'] for a in fact['attributes']]:
                if event and event['guess'] != (event['by'] != 'changeset'):
                    self.check(False, 'a guess says that it is one', event)
        said = self.people('blame', 'orders')
        self.check('changeSet' in said and 'by alice in diff.yaml' in said and 'probably' not in said.split('column orders.total')[-1].split('index')[0],
                   'blame without an environment', said)
        self.check('perhaps one of 2 that were deployed in between' in self.people('blame', 'prod', 'parts'), 'one of two, for people')
        self.check('probably Flyway\'s 2 by bob in V2__drop_items.sql' in self.people('blame', 'prod', 'items'), 'Flyway, for people')

    def logs(self):
        got = self.json('log', 'prod').get('states', [])
        self.check([s['time'] for s in got] == [time_of(n) for n in (6, 5, 4, 2, 1, 0)], 'a state each night but one', [s['time'] for s in got])
        self.check([s['not_before'] for s in got] == [time_of(n) for n in (5, 4, 3, 1, 0)] + [None], 'the checks before')
        self.check(got[3]['runs'] == 2 and got[3]['last'] == time_of(3), 'a night without news', got[3])
        dropped = [c for c in got[2]['changes'] if c['op'] == 'drop'] if len(got) > 2 else []
        self.check(any(c['path'].endswith('table:items') for c in dropped) and dropped[0]['before'] is not None, 'what was dropped', dropped)
        self.check([s['time'] for s in self.json('log', 'prod', '-n', '2').get('states', [])] == [time_of(6), time_of(5)], '-n 2')
        for s in got:
            counts = [sum(c['op'] == op for c in s['changes']) for op in ('add', 'alter', 'drop')]
            self.check(not s['not_before'] or [s['added'], s['changed'], s['dropped']] == counts, 'what is counted is told', s)
        since = self.json('log', 'prod', '--since', '2026-11-05', '--until', '2026-11-06T02:30').get('states', [])
        self.check([s['time'] for s in since] == [time_of(5), time_of(4)], '--since and --until', since)
        one = self.json('log', 'prod', 'orders').get('states', [])
        self.check([s['time'] for s in one] == [time_of(n) for n in (2, 1, 0)], 'the log of one table', [s['time'] for s in one])
        paths = [c['path'] for s in one for c in s['changes']]
        self.check(paths and all('orders' in p for p in paths), 'nothing else in it', paths)
        text = self.people('log', 'prod')
        self.check(text.index(time_of(6)) < text.index(time_of(5)) < text.index(time_of(0)), 'newest first', text)
        self.check('A column %s' % self.name('orders', 'total') in text and 'D table %s' % self.name('items') in text, 'its lines', text)
        self.check('by hand: no deployer wrote anything down in between' in text, 'who made it', text)
        self.people('log', 'prod', 'orders')
        self.check(self.people('log', 'prod', '--stat').count('\n') == 6, 'a line for each state')
        self.check('prod' in self.people('log') and self.json('log')['environments'][0]['runs'] == 7, 'the environments')

    def facts_of(self, text):
        doc = json.loads(text)
        return doc['objects'], doc['ledger'], doc['fingerprint']

    def shows(self):
        for n in range(7):
            then = self.snap('show', 'prod@%s' % time_of(n), '-f', 'json')
            with open('%s/night%d.snap.json' % (self.folder, n), encoding='utf8') as f:
                self.check(self.facts_of(then) == self.facts_of(f.read()), 'night %d is what it was' % n)
            self.snap('diff', 'night%d.snap.json' % n, 'history:prod@%s' % time_of(n))
        self.snap('diff', 'history:prod', 'prod', says='same')
        self.snap('diff', 'history:prod@2026-11-04', 'prod', status=1, says='items')
        self.snap('diff', 'history:prod@2026-11-02T03:00+01:00', 'night1.snap.json')
        self.snap('diff', 'history:prod@2026-11-02T02:59+01:00', 'night0.snap.json')
        self.snap('drift', 'prod', '--baseline', 'history:prod@2026-11-07', '--history', 'none')
        self.snap('drift', 'prod', '--baseline', 'history:prod@2026-11-06', '--history', 'none', status=1)
        self.snap('drift', 'prod', '--baseline', 'history:prod', '--history', 'none', '--update-baseline', status=2)
        self.snap('changelog', 'history:prod@2026-11-01', 'history:prod@2026-11-03', '-o', 'then.yaml')
        ddl = self.snap('show', 'prod@2026-11-03', 'orders', '-f', 'sql')
        self.check('total' in ddl and 'by_hand' in ddl and 'items' not in ddl, 'the statements of one table', ddl)
        self.people('show', 'prod')
        self.check('total' not in self.people('show', 'prod@2026-11-01', 'orders'), 'a table before its column')
        self.snap('show', 'prod@2026-11-01', 'items', '-o', 'items.snap.json')
        self.snap('diff', 'items.snap.json', 'night0.snap.json', says='same')
        self.snap('show', 'prod', '-f', 'sql', '-o', 'whole.sql')
        self.place.make('log_dev')
        with open(self.folder + '/whole.sql', encoding='utf8', newline='') as f:
            script = f.read()
        if self.kind == 'sqlite':
            script = ''.join(line + '\n' for line in script.split('\n') if not line.startswith('.'))
        error = self.place.apply('log_dev', script)
        self.check(not error, 'the script of a state runs', error)
        self.snap('diff', 'history:prod', 'dev', '--facets', 'structure,comments', says='same')
        nasty = self.json('show', 'prod', NASTY)
        self.check(any('table:' in f['path'] for f in nasty.get('objects', [])), 'a hostile name is found', nasty)
        self.people('blame', 'prod', NASTY)

    def refused(self):
        self.snap('log', 'prdo', status=5, says='did you mean prod?')
        self.snap('log', 'prod', 'order', status=5, says='did you mean orders?')
        self.snap('show', 'prod@2026-10-31', status=5, says='first check was at ' + time_of(0))
        self.snap('show', 'prod', 'items', status=5, says='had no items')
        self.snap('show', 'prod@2026-02-29', status=2, says='is no time')
        self.snap('show', 'a@1.db', status=5, says='a@1.db')
        self.snap('show', 'prod', '-f', 'docx', status=2, says='UNKNOWN_FORMAT')
        self.snap('diff', 'history:', 'prod', status=2, says='names no environment')
        self.snap('diff', 'history:nobody', 'prod', status=5, says='it holds prod')
        self.snap('log', 'prod', '--history', 'none', status=2, says='no history is kept')
        self.snap('log', 'prod', '--history', 'missing.db', status=5, says='snap drift')
        self.check(not os.path.exists(self.folder + '/missing.db'), 'reading makes no file')
        self.snap('log', 'prod', '--history', 'base.snap.json', status=5)
        self.snap('log', 'prod', '-f', 'json=log.json')
        self.snap('blame', 'prod', 'orders', '-f', 'json=blame.json')
        for name in ('log.json', 'blame.json'):
            with open('%s/%s' % (self.folder, name), encoding='utf8') as f:
                self.check(json.load(f)['environment'] == 'prod', name)
        self.snap('log', 'prod', '-f', 'json', '-f', 'text', status=2, says='one format')
        if self.kind != 'postgresql':
            self.snap('log', 'prod', '-o', '.snap/history.db', status=2, says='PROTECTED')
        self.snap('log', 'prod', '-n', '0', status=2, says='--max-count')
        self.snap('log', 'prod', '--since', 'yesterday', status=2, says='--since')

    def unreadable(self):
        """A role that may not read a deployer's table still checks; what it may read is read."""
        role = 'snap_log_reader'
        self.place.apply('log_dev', 'DROP OWNED BY %s; DROP ROLE %s;' % (role, role))
        error = self.place.apply('log_dev', """CREATE ROLE {r} LOGIN; CREATE SCHEMA hid;
            CREATE TABLE hid.databasechangelog (id text, author text); INSERT INTO hid.databasechangelog VALUES ('hidden', 'x');
            CREATE TABLE public.databasechangelog (id text, author text, dateexecuted timestamp, orderexecuted int);
            INSERT INTO public.databasechangelog VALUES ('shown', 'y', '2026-01-02 03:04:05', 3);""".format(r=role))
        self.check(not error, 'a role', error)
        url = re.sub('//[^@]*@', '//%s@' % role, self.place.url('log_dev'))
        for n, grant in enumerate(('', '', 'GRANT SELECT (id, dateexecuted, orderexecuted) ON public.databasechangelog TO %s;' % role)):
            self.place.apply('log_dev', grant + 'CREATE TABLE public.new%d (id int);' % n)
            self.snap('drift', url, '--baseline', 'empty', '--history', 'reader.db', night=n, status=1)
        facts = self.json('blame', 'new1', '--history', 'reader.db').get('facts', [])
        self.between(self.find(facts, 'table:new1')['made'], 0, 1, 'hidden', 'what a role may not read is no work by hand')
        self.check('not known: the role may not read' in self.people('blame', 'new1', '--history', 'reader.db'), 'for people')
        facts = self.json('blame', 'new2', '--history', 'reader.db').get('facts', [])
        ran = self.between(self.find(facts, 'table:new2')['made'], 1, 2, 'one_of', 'what a role may read')
        self.check([(r['id'], r['when']) for r in ran] == [('shown', '2026-01-02 03:04:05')], 'and nothing else', ran)
        self.place.apply('log_dev', 'DROP OWNED BY %s; DROP ROLE %s;' % (role, role))

    def run(self):
        try:
            self.run_nights()
            for part in (self.logs, self.blames, self.shows, self.refused):
                part()
            if self.family == 'postgresql':
                self.unreadable()
        finally:
            for name in self.names:
                self.place.drop(name)


def mongodb(checks, program, folder):
    """What the extension of Liquibase notes, in its collection."""
    sys.path.insert(0, os.path.join(HERE, '..', 'mongodb'))
    import observe
    server = observe.Server(os.environ['SNAP_TEST_MONGODB_URL'])
    db = 'snap_test_log'
    server.drop(db)
    document = {'id': 'm-1', 'author': 'dora', 'fileName': 'db/m.yaml', 'orderExecuted': 1, 'execType': 'EXECUTED',
                'description': 'createIndex collectionName=people', 'deploymentId': '77', 'dateExecuted': datetime.datetime(2026, 11, 2, 1, 0, 0)}
    nights = [[{'create': 'people'}],
              [{'createIndexes': 'people', 'indexes': [{'key': {'a': 1}, 'name': 'by_a'}]}],
              [{'createIndexes': 'people', 'indexes': [{'key': {'b': 1}, 'name': 'by_b'}]}]]
    for n, commands in enumerate(nights):
        for command in commands:
            server.run(db, command)
        if n == 1:
            server.client[db]['DATABASECHANGELOG'].insert_one(document)
        env = dict(os.environ, SOURCE_DATE_EPOCH=str(int((START + datetime.timedelta(days=n)).timestamp())))
        words = [program, 'drift', server.of(db), '--baseline', 'empty', '--history', 'm.db']
        r = subprocess.run(words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        checks.check(r.returncode == 1, 'mongodb: a night', r.stdout)
    r = subprocess.run([program, 'blame', 'people', '--history', 'm.db', '-f', 'json'], cwd=folder, stdout=subprocess.PIPE, timeout=100)
    facts = {f['path'].split('/')[-1]: f['made'] for f in json.loads(r.stdout or b'{"facts":[]}')['facts']}
    made = facts.get('index:by_a') or {}
    checks.check(made.get('by') == 'named' and [(d['id'], d['author'], d['file'], d['when']) for d in made['deployed']] ==
                 [('m-1', 'dora', 'db/m.yaml', '2026-11-02T01:00:00.000Z')], 'mongodb: what Liquibase noted', made)
    checks.equal((facts.get('index:by_b') or {}).get('by'), 'hand', 'mongodb: what nobody noted')
    server.drop(db)


def main():
    words = sys.argv[1:]
    wanted = words[words.index('--engine') + 1].split(',') if '--engine' in words else []
    if 'mongodb' in wanted:
        rest = [e for e in wanted if e != 'mongodb']
        at = words.index('--engine')
        words[at:at + 2] = ['--engine', ','.join(rest)] if rest else []
        chosen = tools.engines(words) if rest else []
    else:
        chosen = tools.engines(words)
    program, build = os.path.abspath(words[0]), os.path.abspath(words[1])
    checks = tools.Checks()
    with tempfile.TemporaryDirectory(prefix='snap-log-') as folder:
        for kind, url in chosen:
            before = checks.n
            os.makedirs('%s/%s' % (folder, kind))
            Nights(checks, program, build, kind, url, '%s/%s' % (folder, kind)).run()
            checks.check(checks.n - before >= 100, kind + ': too few checks were made', checks.n - before)
        if 'mongodb' in wanted:
            mongodb(checks, program, folder)
    print('%d checks of a history, %d failed' % (checks.n, checks.failed))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
