#!/usr/bin/env python3
"""What a role may see, and what its settings may not change, on a real PostgreSQL server.

usage: postgresql_visible.py SNAP GOLDEN [--server URL] [--every N]

Every schema of GOLDEN reads the same, byte for byte, by a superuser, by a role without any right, and by one
whose settings are hostile. What is hidden from the role (options of user mappings, connections of
subscriptions) is HIDDEN, by name and with the grant that helps, and known after it. `snap env grants` makes
a role that reads all of it, and the ids of Liquibase.
"""
import json
import os
import subprocess
import sys
import urllib.parse

import postgresql as judge

DB, ROLE = 'snap_test_visible', 'snap_test_weak'
CHECKS = FAILED = 0

HOSTILE = [
    "DateStyle = 'SQL, DMY'", "IntervalStyle = 'sql_standard'", "TimeZone = 'Asia/Kolkata'",
    "extra_float_digits = -10", "quote_all_identifiers = on", "bytea_output = 'escape'", "xmlbinary = 'hex'",
    "xmloption = 'document'", "standard_conforming_strings = off", "search_path = evil, public, pg_catalog",
    "row_security = on", "default_transaction_isolation = 'serializable'", "default_transaction_deferrable = on",
    "client_encoding = 'LATIN1'", "statement_timeout = '60ms'", "lock_timeout = '1ms'", "array_nulls = off",
    "transform_null_equals = on", "escape_string_warning = on", "backslash_quote = off", "client_min_messages = 'debug1'",
    "default_text_search_config = 'pg_catalog.german'", "idle_in_transaction_session_timeout = '50ms'",
    "enable_hashjoin = off", "enable_seqscan = off", "work_mem = '64kB'", "check_function_bodies = off",
    "synchronous_commit = on", "gin_fuzzy_search_limit = 1", "default_transaction_read_only = on",
]

EVIL = '''
CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT ''evil''::text';
CREATE FUNCTION evil.pg_get_userbyid(oid) RETURNS name LANGUAGE sql AS 'SELECT ''evil''::name';
CREATE FUNCTION evil.obj_description(oid, name) RETURNS text LANGUAGE sql AS 'SELECT ''evil''::text';
CREATE FUNCTION evil.format_type(oid, integer) RETURNS text LANGUAGE sql AS 'SELECT ''evil''::text';
CREATE FUNCTION evil.count(name) RETURNS text LANGUAGE sql AS 'SELECT ''evil''::text';
CREATE TABLE evil.pg_class AS SELECT * FROM pg_catalog.pg_class LIMIT 0;
CREATE VIEW evil.pg_namespace AS SELECT 1 AS oid, 'evil'::name AS nspname;
CREATE TABLE evil.odd (m money DEFAULT '1234.5'::money, d date DEFAULT '2020-02-01', i interval DEFAULT '1 day 2 hours',
    b bytea DEFAULT '\\x00ff41', f float8 DEFAULT '0.123456789012345', g real DEFAULT 1e-7, z timestamptz DEFAULT '2020-02-01 00:00+00',
    x xml DEFAULT '<a/>', t text DEFAULT 'a\\b', "select" text DEFAULT 'é😀', n text[] DEFAULT '{NULL,a}',
    CHECK (z > '2020-02-01 03:00+05:30' AND i <> '-1 mon +2 days'));
'''

SECRETS = '''
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h');
CREATE USER MAPPING FOR %s SERVER s OPTIONS (user 'u', password 'canary-own');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'canary-all');
CREATE USER MAPPING FOR postgres SERVER s;
CREATE SUBSCRIPTION sub CONNECTION 'host=h password=canary-sub dbname=d' PUBLICATION p WITH (connect = false);
''' % ROLE


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)
    return ok


class Server:
    def __init__(self, url):
        self.url = url.rstrip('/')
        u = urllib.parse.urlparse(self.url)
        self.weak = 'postgresql://%s@%s:%d' % (ROLE, u.hostname, u.port)
        self.env = dict(os.environ, PGOPTIONS='-c client_min_messages=error')
        self.major = int(subprocess.run(['psql', '-X', '-At', self.url + '/postgres', '-c', 'SHOW server_version_num'],
                                        stdout=subprocess.PIPE, check=True).stdout) // 10000

    def psql(self, text, db='postgres', may_fail=False):
        r = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', self.url + '/' + db], input=text, env=self.env,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding='utf8')
        if r.returncode and not may_fail:
            sys.exit('%s\n%s' % (text, r.stderr))

    def make(self, *scripts):
        self.psql('DROP DATABASE IF EXISTS %s WITH (FORCE)' % DB)
        self.psql('CREATE DATABASE %s TEMPLATE template0' % DB)
        for text in scripts:
            self.psql(text, DB)

    def drop(self):
        self.psql('ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub;',
                  DB, may_fail=True)
        self.psql('DROP DATABASE IF EXISTS %s WITH (FORCE)' % DB)
        self.psql('DROP ROLE IF EXISTS %s' % ROLE)


def snap(program, *args):
    r = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                       encoding='utf8', errors='surrogateescape')
    return r.returncode, r.stdout, r.stderr


def where(a, b):
    lines = set(a.split('\n')) ^ set(b.split('\n'))
    return '\n  '.join(sorted(x[:200] for x in lines)[:4])


def hostile(program, server, name, want):
    for i, setting in enumerate(HOSTILE):
        whose = 'ROLE ' + ROLE if i % 2 else 'DATABASE ' + DB
        server.psql('ALTER %s SET %s' % (whose, setting))
    code, out, err = snap(program, 'snapshot', server.weak + '/' + DB)
    # settings of the database are a part of some snapshots, not of what is shown here
    check(code == 0 and facts(out) == facts(want), '%s: hostile settings: %d %s\n  %s' % (name, code, err, where(out, want)))
    server.psql('ALTER ROLE %s RESET ALL; ALTER DATABASE %s RESET ALL' % (ROLE, DB))


def facts(text):
    return [x.rstrip(',') for x in text.split('\n') if x.startswith('{"path":') and not x.startswith('{"path":"setting')
            and not x.startswith('{"path":"database')]


def golden(program, server, folder, every):
    for case in sorted(os.listdir(folder))[::every]:
        told = json.loads(judge.read(folder, case, 'case.json') or '{}')
        if told.get('min', 0) > server.major:
            continue
        for role in told.get('roles', []):
            server.psql('CREATE ROLE "%s"' % role, may_fail=True)
        for role in told.get('superusers', []):
            server.psql('CREATE ROLE "%s" SUPERUSER' % role, may_fail=True)
        for space in told.get('tablespaces', []):
            server.psql("SET allow_in_place_tablespaces = on; CREATE TABLESPACE %s LOCATION ''" % space, may_fail=True)
        for part in ('from.sql', 'to.sql'):
            text = judge.fitting(judge.read(folder, case, part), server.major)
            if not text:
                continue
            name = '%s/%s' % (case, part)
            server.make(text)
            server.psql('GRANT CONNECT ON DATABASE %s TO %s' % (DB, ROLE))
            code, want, err = snap(program, 'snapshot', server.url + '/' + DB)
            check(code == 0, '%s: %d %s' % (name, code, err))
            code, got, err = snap(program, 'snapshot', server.weak + '/' + DB)
            if not (code == 3 and err.startswith('snap: HIDDEN: ') and ('MAPPING' in text.upper() or 'SUBSCR' in text.upper())):
                check(code == 0 and got == want, '%s: by a role without rights: %d %s\n  %s' %
                      (name, code, err, where(got, want)))
                hostile(program, server, name, want)
            server.psql('ALTER SUBSCRIPTION sub SET (slot_name = NONE)', DB, may_fail=True)
            clean_subscriptions(server)


def clean_subscriptions(server):
    server.psql("""SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname), format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)',
        subname), format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription
        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \\gexec\n""", DB, may_fail=True)


def settings(program, server):
    server.make(EVIL)
    code, want, err = snap(program, 'snapshot', server.url + '/' + DB)
    check(code == 0 and '"path":"schema:evil/table:odd/column:m"' in want and '1,234.50' in want, 'odd defaults: %s' % err)
    code, got, err = snap(program, 'snapshot', server.weak + '/' + DB)
    check(code == 0 and got == want, 'no rights: %d %s\n  %s' % (code, err, where(got, want)))
    hostile(program, server, 'evil', want)


def hidden(program, server):
    server.make(SECRETS)
    weak = server.weak + '/' + DB
    code, want, err = snap(program, 'snapshot', server.url + '/' + DB)
    check(code == 0 and 'canary' not in want and '"secrets":"password"' in want, 'secrets are left out: %s' % err)
    for command in (['snapshot', weak], ['diff', weak, 'empty'], ['diff', server.url + '/' + DB, weak, '--quiet'],
                    ['changelog', weak, 'empty', '-o', '-', '--no-verify', '--allow-lossy']):
        code, out, err = snap(program, *command)
        check(code == 3 and err.startswith('snap: HIDDEN: ') and 'user mapping s.' in err and
              'GRANT SELECT (oid, umoptions)' in err, '%s: %d %s' % (command[0], code, err))
    code, out, err = snap(program, 'snapshot', weak, '--exclude', 'user_mapping:*')
    check(code == 3 and 'subscription sub' in err and 'subconninfo' in err, 'subscriptions: %d %s' % (code, err))
    code, out, err = snap(program, 'snapshot', weak, '--exclude', 'user_mapping:*', '--exclude', 'subscription:*')
    check(code == 0 and 'server:s' in out and 'mapping' not in facts(out)[-1], 'the rest: %d %s' % (code, err))
    # the owner of the server sees the mapping of everybody, a user with USAGE its own
    server.psql('ALTER SERVER s OWNER TO %s; DROP USER MAPPING FOR postgres SERVER s' % ROLE, DB, may_fail=True)
    server.psql('GRANT USAGE ON FOREIGN DATA WRAPPER w TO %s; ALTER SERVER s OWNER TO %s; '
                'DROP USER MAPPING IF EXISTS FOR postgres SERVER s' % (ROLE, ROLE), DB)
    code, out, err = snap(program, 'snapshot', weak, '--exclude', 'subscription:*')
    check(code == 0 and 'user_mapping:public","a":{},"src":{"secrets":"password"' in out,
          'mappings that the role may see: %d %s' % (code, err))


def grants(program, server):
    server.psql('ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub; REVOKE CONNECT ON DATABASE %s FROM PUBLIC;'
                % DB, DB)
    server.make(SECRETS.replace(ROLE, 'postgres', 1).replace('CREATE USER MAPPING FOR postgres SERVER s;\n', ''),
                'CREATE SCHEMA lb; CREATE TABLE lb.databasechangelog (id text, author text); CREATE TABLE lb.t (a integer);'
                "INSERT INTO lb.databasechangelog VALUES ('1', 'x'); REVOKE CONNECT ON DATABASE %s FROM PUBLIC;" % DB)
    server.psql('DROP ROLE %s' % ROLE)
    weak = server.weak + '/' + DB
    code, _, err = snap(program, 'snapshot', weak)
    check(code == 5 and err.startswith('snap: ACCESS_DENIED: '), 'no role: %d %s' % (code, err))
    code, text, err = snap(program, 'env', 'grants', weak)
    check(code == 0 and text.count('GRANT') >= 3, 'grants: %s' % err)
    optional = [x[3:] for x in text.split('\n') if x.startswith('-- GRANT ')]
    check(len(optional) == 2, 'two grants are a choice')
    server.psql(text, DB)
    server.psql(text, DB)
    code, want, err = snap(program, 'snapshot', server.url + '/' + DB)
    check(code == 0, err)
    code, out, err = snap(program, 'snapshot', weak)
    check(code == 3 and 'HIDDEN' in err, 'without the choice: %d %s' % (code, err))
    server.psql('\n'.join(optional), DB)
    code, out, err = snap(program, 'snapshot', weak)
    check(code == 0, 'with all grants: %d %s' % (code, err))
    code, by_super, err = snap(program, 'snapshot', server.url + '/' + DB)
    check(out == by_super and facts(out) == facts(want), 'the same: %s' % where(out, by_super))
    code, out, err = snap(program, 'changelog', weak, 'empty', '--no-verify', '--allow-lossy', '-o', '-',
                          '-f', 'liquibase-yaml')
    check(code == 0 and 'DROP TABLE lb.t' in out, 'a changelog: %d %s' % (code, err))
    server.psql('REVOKE SELECT ON lb.databasechangelog FROM %s' % ROLE, DB)
    code, out, err = snap(program, 'changelog', weak, 'empty', '--no-verify', '--allow-lossy', '-o', '-',
                          '-f', 'liquibase-yaml')
    check(code == 3 and err.startswith('snap: NO_PRIVILEGE: ') and 'databasechangelog' in err, 'ids: %d %s' % (code, err))
    server.psql('REVOKE SELECT ON pg_catalog.pg_rewrite FROM PUBLIC', DB)
    code, out, err = snap(program, 'snapshot', weak)
    check(code == 3 and err.startswith('snap: NO_PRIVILEGE: ') and 'pg_rewrite' in err, 'a closed catalog: %d %s' % (code, err))
    clean_subscriptions(server)
    server.psql('DROP OWNED BY %s' % ROLE, DB)


def main():
    args = sys.argv[1:]
    program, folder = os.path.abspath(args[0]), args[1]
    server = Server(args[args.index('--server') + 1] if '--server' in args else os.environ['SNAP_TEST_POSTGRESQL_URL'])
    clean_subscriptions(server)
    server.drop()
    server.psql('CREATE ROLE %s LOGIN' % ROLE)
    settings(program, server)
    hidden(program, server)
    grants(program, server)
    server.psql('CREATE ROLE %s LOGIN' % ROLE, may_fail=True)
    golden(program, server, folder, int(args[args.index('--every') + 1]) if '--every' in args else 1)
    clean_subscriptions(server)
    server.drop()
    print('postgresql_visible: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


main()
