#!/usr/bin/env python3
"""What a user types against PostgreSQL: environments, snapshots, drift, verify, filters.

usage: postgresql_usage.py SNAP      SNAP_TEST_POSTGRESQL_URL names the server. The last line counts.
"""
import os
import re
import subprocess
import sys
import tempfile

SNAP = os.path.abspath(sys.argv[1])
URL = os.environ['SNAP_TEST_POSTGRESQL_URL']
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(('SNAP_', 'PG'))}
COUNT = {'checks': 0, 'failed': 0}

SHOP = '''
CREATE SCHEMA shop;
CREATE TYPE shop.state AS ENUM ('new', 'paid');
CREATE TABLE shop.customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE shop.orders (id serial PRIMARY KEY, customer integer NOT NULL REFERENCES shop.customers,
    total numeric(10,2) DEFAULT 0, note text, state shop.state NOT NULL DEFAULT 'new');
CREATE INDEX orders_note ON shop.orders (note);
CREATE VIEW shop.open_orders AS SELECT id, total FROM shop.orders WHERE state = 'new';
CREATE MATERIALIZED VIEW shop.totals AS SELECT sum(total) FROM shop.orders;
CREATE TABLE public.other (i integer);
'''
CHANGE = '''
ALTER TYPE shop.state ADD VALUE 'sent';
ALTER TABLE shop.orders ADD COLUMN discount numeric(12,2) NOT NULL DEFAULT 0;
ALTER TABLE shop.orders RENAME COLUMN note TO remark;
CREATE TABLE shop.refunds (id bigint PRIMARY KEY, of integer REFERENCES shop.orders);
CREATE OR REPLACE VIEW shop.open_orders AS SELECT id, total FROM shop.orders WHERE state <> 'paid';
CREATE FUNCTION shop.due(bigint) RETURNS numeric LANGUAGE sql AS $$ SELECT sum(total) FROM shop.orders $$;
GRANT SELECT ON shop.orders TO PUBLIC;
ALTER TABLE shop.orders ALTER COLUMN total SET NOT NULL;
COMMENT ON TABLE shop.customers IS 'who buys';
ALTER TABLE public.other ADD COLUMN j integer;
CREATE POLICY mine ON shop.orders FOR SELECT TO pg_monitor USING (true);
'''


def psql(db, text):
    subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', URL + '/' + db], input=text.encode(),
                   check=True, stderr=subprocess.PIPE)


def row(args, code, *words, absent=()):
    """One command line: its exit status, and words that both outputs together hold."""
    r = subprocess.run([SNAP] + args.split(' '), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN,
                       stdin=subprocess.DEVNULL, timeout=120)
    text = (r.stdout + r.stderr).decode('utf8', 'replace')
    wrong = ['exit %d, wanted %d' % (r.returncode, code)] if r.returncode != code else []
    wrong += ['<%s> is missing' % w for w in words if w not in text]
    wrong += ['<%s> is there' % w for w in absent if w in text]
    wrong += ['a proof of %d columns' % len(x) for x in r.stderr.decode('utf8', 'replace').split('\n')
              if len(x) > 100 and x.startswith('proof')]
    wrong += ['a line of %d columns' % len(x) for x in r.stdout.decode('utf8', 'replace').split('\n')
              if len(x) > 100 and URL not in x and not x.startswith(('{', '|'))]
    COUNT['checks'] += 1
    if wrong:
        COUNT['failed'] += 1
        print('FAILED: snap %s: %s\n%s' % (args, '; '.join(wrong), text))
    return text


def comparing():
    row('diff prod prod', 0, 'the same')
    row('diff prod dev', 1, '~ table shop.orders', '+ table shop.refunds', 'perhaps renamed from note',
        'shop.due', "'sent'".replace("'", ''), '~ view shop.open_orders')
    row('diff prod dev --schemas public', 1, 'public.other', absent=['shop.orders'])
    row('diff prod dev --schemas public,shop', 1, 'public.other', 'shop.orders')
    row('diff prod dev --schemas shop,nope', 3, 'PATTERN_UNKNOWN', '--schemas: there is no schema nope',
        absent=['--include'])
    row('diff prod dev --schemas shop,,x', 2, 'BAD_VALUE', '--schemas')
    row('diff prod dev --exclude schema:shop --exclude table:other', 0, 'the same')
    row('diff prod dev --facets comments', 1, 'who buys', absent=['discount'])
    row('diff prod dev --facets=-acl,-comments', 1, 'discount', absent=['who buys', 'PUBLIC'])
    row('diff dev prod --fail-on destructive', 1, 'data loss')
    row('diff prod dev -f json', 1, '"discount"')
    row('diff prod lite.db', 3, 'ENGINE_MISMATCH')
    row('diff prod dev -f markdown', 1, 'shop.orders', 'for SELECT to pg\\_monitor')
    for name, what in (('one.sql', 'integer'), ('two.sql', 'bigint')):
        with open(name, 'w') as f:
            f.write('CREATE TABLE other (i %s);' % what)
    row('diff postgresql:one.sql postgresql:two.sql', 1, 'i  type integer -> bigint\n      ! rewrite: ')
    row('diff postgresql:one.sql postgresql:two.sql -f markdown', 1, '| rewrite |')
    row('diff prod dev', 1, 'for SELECT to pg_monitor using true')
    row('diff dev empty -f markdown --schemas public', 1, 'table public.other — dropped, **data loss**')
    row('diff empty empty', 2, 'ENGINE_UNCLEAR', 'postgresql:schema.sql')


def columns_with_values():
    """A new column must hold a value: what gives the rows that are there one is no hazard."""
    for column, stopped in (('integer NOT NULL', True), ('integer NOT NULL DEFAULT 5', False),
                            ('integer GENERATED ALWAYS AS IDENTITY', False),
                            ('integer NOT NULL GENERATED ALWAYS AS (1) STORED', False)):
        psql('snap_usage_new', 'CREATE TABLE t (a integer)')
        row('snapshot new -o was.json', 0)
        psql('snap_usage_new', 'ALTER TABLE t ADD COLUMN b ' + column)
        row('diff was.json new', 1, '+ column', *['data dependent'] * stopped,
            absent=[] if stopped else ['data dependent'])
        psql('snap_usage_new', 'DROP TABLE t')


def files():
    row('snapshot prod -o prod.json', 0)
    row('snapshot prod -o again.json', 0)
    COUNT['checks'] += 1
    if open('prod.json', 'rb').read() != open('again.json', 'rb').read():
        COUNT['failed'] += 1
        print('FAILED: two snapshots of one database differ')
    row('diff prod.json prod', 0, 'the same')
    row('diff prod.json dev', 1, 'discount')
    row('snapshot prod --format sql -o prod.sql', 0)
    row('diff prod postgresql:prod.sql', 0, 'the same')
    row('diff prod.sql prod', 0, 'the same')
    with open('dump.sql', 'wb') as f:
        subprocess.run(['pg_dump', '-s', '-d', URL + '/snap_usage_prod'], check=True, stdout=f)
    row('diff prod dump.sql', 0, 'the same')
    row('diff prod dump.sql --facets +counters', 1, 'not_populated no -> yes')
    row('diff offline:postgresql?snapshot=prod.json dev', 1, 'discount')


def authoring():
    row('changelog prod dev --rename orders.note=remark -o diff.yaml --author ana --labels T-1', 0,
        'proof: ', 'applied, undone')
    row('changelog prod dev --rename id=key -o no.yaml', 2, 'RENAME_UNKNOWN', 'column shop.customers.id, column shop.orders.id')
    row('verify diff.yaml --from prod --to dev', 0, 'reaches dev')
    row('verify diff.yaml --from dev', 4, 'VERIFY_FAILED')
    row('changelog prod dev -o up.sql --rollback-output down.sql', 0, 'proof: ')
    row('verify up.sql --rollback down.sql --from prod --to dev', 0, 'reaches dev')
    with open('up.sql') as f:
        parts = f.read().split('COMMIT;\n', 1)
    with open('loses.sql', 'w') as f:
        f.write(parts[0] + 'DELETE FROM public.other;\nCOMMIT;\n' + parts[1])
    row('verify loses.sql --rollback down.sql --from prod --to dev', 4, 'VERIFY_FAILED', 'rows of table public.other changed')
    row('changelog prod.json dev -o offline.sql', 0, 'proof: ')
    with open('half.sql', 'w') as f:  # no transaction: the rows stop it when a part is done
        f.write('ALTER TABLE other DROP COLUMN i;\nALTER TABLE shop.orders ALTER COLUMN note SET NOT NULL;\n')
    with open('whole.sql', 'w') as f:
        f.write('SET search_path = shop;\nALTER TABLE orders ALTER COLUMN note DROP NOT NULL;\n'
                'ALTER TABLE public.other ADD i integer;\n')
    row('verify half.sql --rollback whole.sql --from prod', 0, '1 step applied, each undone')
    row('verify whole.sql --rollback half.sql --from prod', 4, 'VERIFY_FAILED', 'column "i" of relation "other" already')
    row('changelog prod prod -o none.yaml', 0, '0 changes')
    row('changelog empty dev -o all.yaml', 0, 'proof: ')
    row('changelog dev empty -o nothing.yaml', 0, 'proof: ', '4 lose data')
    psql('snap_usage_new', open('prod.sql').read())
    psql('snap_usage_new', open('up.sql').read())
    row('diff new dev', 0, 'the same')
    psql('snap_usage_new', open('down.sql').read())
    row('diff new prod', 0, 'the same')


def drifting():
    COUNT['checks'] += 1
    if row('drift prod --baseline prod.json', 0):
        COUNT['failed'] += 1
        print('FAILED: a drift check that found nothing is not quiet')
    psql('snap_usage_prod', 'CREATE INDEX by_hand ON shop.orders (total)')
    row('drift prod --baseline prod.json', 1, 'by_hand')
    row('drift prod --baseline prod.json --update-baseline', 0)
    row('drift prod --baseline prod.json', 0)
    row('drift prod --baseline prod.json --update-baseline -o report.txt', 2, '--update-baseline compares nothing')
    row('drift', 2)
    row('env list', 0, 'prod', 'dev')
    row('env test prod', 0, 'ok')
    row('env test gone', 5, 'snap_usage_gone')
    row('env test asks', 2, 'CONFIG_SECRET: environment asks: the variable NO_SUCH_PW of password_env gives no password', 'export')
    row('env grants prod', 0, 'GRANT', 'snap_usage_prod')


def passwords():
    """A password in a URL that works is shown nowhere (the server trusts everybody)."""
    url = URL.replace('postgres@', 'postgres:canary@') + '/snap_usage_prod'
    for args in ('diff %s dev', 'diff %s dev -f json', 'diff %s dev -f markdown', 'changelog %s dev -o pw.sql',
                 'diff dev %s --debug', 'explain %s dev', 'drift prod --baseline %s', 'snapshot %s'):
        r = subprocess.run([SNAP] + (args % url).split(' '), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=CLEAN, stdin=subprocess.DEVNULL, timeout=120)
        text = r.stdout + r.stderr + (open('pw.sql', 'rb').read() if 'pw.sql' in args else b'')
        COUNT['checks'] += 1
        if b'canary' in text or r.returncode > 1:
            COUNT['failed'] += 1
            print('FAILED: %s: exit %d\n%s' % (args, r.returncode, text.decode()[:400]))


def databases():
    r = subprocess.run(['psql', '-XAt', '-d', URL + '/postgres', '-c', 'SELECT datname FROM pg_database'],
                       check=True, stdout=subprocess.PIPE)
    return [x for x in r.stdout.decode().split('\n') if x.startswith('snap_scratch_')]


def configured_scratch():
    """Scratch databases on a server that snap.yml names: made there, and gone at the end."""
    with open('snap.yml') as f:
        text = f.read()

    def say(more):
        with open('snap.yml', 'w') as f:
            f.write(text + more)
    say('scratch: {postgresql: "%s/postgres", sqlite: ":memory:"}\n' % URL)
    psql('postgres', 'CREATE DATABASE snap_scratch_1000000000_1_1; CREATE DATABASE snap_scratch_mine;')
    row('changelog prod dev -o placed.sql --rollback-output back.sql', 0, 'proof: ')
    row('diff prod postgresql:prod.sql', 1)
    COUNT['checks'] += 1
    if databases() != ['snap_scratch_mine']:
        COUNT['failed'] += 1
        print('FAILED: left, or swept though it is not ours: %s' % databases())
    psql('postgres', 'DROP DATABASE snap_scratch_mine; CREATE ROLE snap_usage_role;')
    psql('snap_usage_dev', 'ALTER TABLE public.other OWNER TO snap_usage_role;')
    row('snapshot dev -o owned.json', 0)
    psql('snap_usage_dev', 'ALTER TABLE public.other OWNER TO CURRENT_USER; DROP ROLE snap_usage_role;')
    row('changelog prod owned.json -o none.sql', 3, 'CANNOT_VERIFY', 'no role snap_usage_role')
    say('scratch: {postgresql: auto}\n')
    row('changelog prod owned.json -o some.sql', 0, 'proof: ')
    say('scratch: {postgresql: "sqlite:x.db"}\n')
    row('diff prod dev', 2, 'BAD_VALUE', 'no URL of PostgreSQL')
    say('scratch: {oracle: auto}\n')
    row('diff prod dev', 2, 'CONFIG_KEY', 'oracle')
    say('  safe: {url: "%s/postgres", protected: true}\nscratch: {postgresql: "%s/postgres"}\n' % (URL, URL))
    row('diff prod dev', 2, 'PROTECTED', 'safe')
    say('  safe: {url: "%s/snap_usage_prod?sslmode=disable", protected: true}\nscratch: {postgresql: "%s/postgres"}\n' %
        (URL.replace('127.0.0.1', 'localhost'), URL))
    row('diff prod dev', 2, 'PROTECTED', 'on the server of the protected safe')
    say('  safe: {url: "postgresql://h.invalid/x", protected: true}\nscratch: {postgresql: "%s/postgres"}\n' % URL)
    row('diff prod dev', 1)
    say('')


def other_versions():
    """Snapshots of servers that are older or newer than this one: compared in one server's words, or not."""
    row('snapshot prod -o now.json', 0)
    now = open('now.json').read()
    CLEAN['SNAP_POSTGRESQL_BIN'] = '/nowhere'
    for version in '9.6', '98.7':
        with open('other.json', 'w') as f:
            f.write(re.sub('PostgreSQL [0-9]+[.0-9]*', 'PostgreSQL ' + version, now))
        row('diff other.json prod', 0, 'the same')
        row('diff other.json dev', 3, 'CANNOT_COMPARE', 'index shop.orders.orders_note', 'written differently')
    del CLEAN['SNAP_POSTGRESQL_BIN']
    row('diff other.json dev', 3, 'CANNOT_COMPARE', 'index shop.orders.orders_note', 'written differently', '98.7')
    for version, text in (('9.6', now), ('9.5', now.replace("'new'::shop.state)", "odd('new'::shop.state))")),
                          ('98.6', now.replace('numeric(10,2)', 'numeric_of_tomorrow'))):
        with open('edited.json', 'w') as f:
            f.write(re.sub('PostgreSQL [0-9]+[.0-9]*', 'PostgreSQL ' + version, text))
        row('snapshot edited.json --refresh -o of-%s.json' % version, 0)
    row('diff of-9.6.json dev', 1, '~ view shop.open_orders', 'PostgreSQL 9.6 as PostgreSQL')
    row('changelog prod of-9.6.json -o same.sql', 0, '0 changes')
    row('diff of-9.5.json dev', 3, 'CANNOT_COMPARE', 'for a server of the version of', 'odd')
    row('changelog dev of-98.6.json -o no.sql', 3, 'UNSUPPORTED_CHANGE', 'numeric_of_tomorrow')


def left_out():
    """What is left out is neither taken along nor changed."""
    psql('snap_usage_held', '''CREATE TABLE gone (id integer PRIMARY KEY, c integer);
        CREATE VIEW sees AS SELECT c FROM gone; CREATE TABLE child (g integer REFERENCES gone);
        CREATE TABLE stays (a integer, b integer); CREATE INDEX stays_b ON stays (b);''')
    psql('snap_usage_free', 'CREATE TABLE child (g integer); CREATE TABLE stays (a integer);')
    for pattern, what, why in (('view:sees', 'table public.gone', 'view public.sees'),
                               ('table:child', 'table public.gone', 'foreign key public.child.child_g_fkey'),
                               ('index:stays_b', 'column public.stays.b', 'index public.stays.stays_b')):
        row('changelog held free --exclude %s --no-verify -o no.sql' % pattern, 3, 'UNSUPPORTED_CHANGE: ' + what,
            why + ' needs it, which is left out', 'compare %s too' % why)
    row('changelog held free --allow-lossy -o free.sql', 0, 'proof')
    # rows that the proof puts back after a step say nothing of tables that the plan has made
    psql('snap_usage_free', '''ALTER TABLE child ALTER g SET NOT NULL;
        CREATE TABLE made (i integer CHECK (i > 5)); CREATE UNIQUE INDEX ON made (i);''')
    row('changelog held free --allow-lossy --format sql -o made.sql', 0, 'proof')
    with open('made.sql') as f:
        found = re.findall('DATA_DEPENDENT: (.*?):', f.read())
    COUNT['checks'] += 1
    if found != ['column public.child.g']:
        COUNT['failed'] += 1
        print('FAILED: only the column depends on rows, not', found)


def main():
    names = ('prod', 'dev', 'new', 'held', 'free')
    with tempfile.TemporaryDirectory(prefix='snap-pg-usage-') as folder:
        os.chdir(folder)
        with open('snap.yml', 'w') as f:
            f.write('version: 1\nenvironments:\n' +
                    ''.join('  %s: {url: "%s/snap_usage_%s"}\n' % (n, URL, n) for n in names + ('gone',)) +
                    '  asks: {url: "%s/snap_usage_prod", password_env: NO_SUCH_PW}\n' % URL)
        open('lite.db', 'w').close()
        for n in names:
            psql('postgres', 'DROP DATABASE IF EXISTS snap_usage_%s;' % n)
            psql('postgres', 'CREATE DATABASE snap_usage_%s TEMPLATE template0;' % n)
        psql('snap_usage_prod', SHOP)
        psql('snap_usage_dev', SHOP)
        psql('snap_usage_dev', CHANGE)
        for part in (comparing, columns_with_values, files, other_versions, authoring, drifting, configured_scratch,
                     passwords, left_out):
            part()
        for n in names:
            psql('postgres', 'DROP DATABASE snap_usage_%s;' % n)
        os.chdir('/')
    print('postgresql usage: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return COUNT['failed'] > 0


if __name__ == '__main__':
    sys.exit(main())
