#!/usr/bin/env python3
"""What snap does not model on PostgreSQL stands in the ledger, by name; what it models does not.

usage: postgresql_ledger.py SNAP [--server URL]

Without --server, SNAP_TEST_POSTGRESQL_URL. A diff of databases whose ledgers differ is UNKNOWN (3), and
so is everything with an entry under --strict. Members of extensions and what initdb brings never count.
"""
import json
import os
import subprocess
import sys
import urllib.parse

CHECKS = FAILED = 0

# SQL that makes something unmodelled, what takes it back from the cluster, its kind and a part of its name
ODD = [
    ("CREATE FUNCTION pg_catalog.snap_test_odd() RETURNS integer LANGUAGE sql AS 'SELECT 1'", 'function',
     'pg_catalog.snap_test_odd()'),
    ('REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC', 'grants', 'pg_sleep'),
    ('GRANT SELECT (rolpassword) ON pg_authid TO pg_monitor', 'grants', 'pg_authid.rolpassword'),
    ('REVOKE EXECUTE ON FUNCTION hstore_in(cstring) FROM PUBLIC', 'grants', 'hstore_in'),
    ('SELECT lo_create(4242); GRANT SELECT ON LARGE OBJECT 4242 TO pg_monitor', 'large object', '4242'),
    ("CREATE EXTENSION lo; CREATE TABLE x (a lo); CREATE TRIGGER t BEFORE UPDATE ON hidden FOR EACH ROW "
     "EXECUTE FUNCTION lo_manage('a'); ALTER EXTENSION lo ADD TABLE hidden", 'trigger', 't on public.hidden'),
]


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text)


def run(*cmd, text=None):
    r = subprocess.run(cmd, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
    return r.returncode, r.stdout, r.stderr


def make(url, db, text):
    for where, sql in (('postgres', 'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db),
                       ('postgres', 'CREATE DATABASE %s TEMPLATE template0' % db), (db, text)):
        code, _, err = run('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url + '/' + where, text=sql)
        if code:
            raise RuntimeError(err)


def ledger(program, source):
    code, out, err = run(program, 'snapshot', source)
    check(code == 0, 'snapshot ends with %d: %s' % (code, err))
    return json.loads(out)['ledger'] if code == 0 else []


def main():
    args = sys.argv[1:]
    url = args.pop(args.index('--server') + 1) if '--server' in args else os.environ['SNAP_TEST_POSTGRESQL_URL']
    program = [x for x in args if not x.startswith('--')][0]
    base = urllib.parse.urlsplit(url)._replace(path='').geturl()
    os.environ['PGOPTIONS'] = '-c client_min_messages=error'
    a, b = base + '/snap_test_led_a', base + '/snap_test_led_b'
    plain = ("CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TABLE hidden (a oid, h hstore); "
             "SELECT lo_create(4241);")
    make(base, 'snap_test_led_a', plain)
    check(ledger(program, a) == [], 'a plain database has a ledger: %s' % ledger(program, a))
    check(run(program, 'snapshot', '--strict', a)[0] == 0, 'strict refuses an empty ledger')
    for sql, kind, name in ODD:
        make(base, 'snap_test_led_b', plain + sql)
        entries = ledger(program, b)
        found = [x for x in entries if x['kind'] == kind and name in x['name']]
        check(len(found) == 1, '%s %s is not in the ledger: %s' % (kind, name, entries))
        code, _, err = run(program, 'diff', '--quiet', a, b)
        check(code == 3 and 'UNMODELLED' in err, '%s: diff ends with %d: %s' % (name, code, err))
        check(run(program, 'snapshot', '--strict', b)[0] == 3, '%s: --strict takes it' % name)
    for db in ('snap_test_led_a', 'snap_test_led_b'):
        run('psql', '-X', '-q', '-d', base + '/postgres', '-c', 'DROP DATABASE IF EXISTS %s WITH (FORCE)' % db)
    print('postgresql ledger: %d checks, %d failed' % (CHECKS, FAILED))
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
