#!/usr/bin/env python3
"""Times snap beside pg_dump -s on a server of its own, in turns: reading 64, 1,000 and 10,000 tables, and
differences of two live databases. A figure over its bar is marked; only an answer that is wrong fails.
The server is SNAP_TEST_POSTGRESQL_URL. usage: postgresql.py SNAP EMPTY FOLDER"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench import judge, line, measure  # noqa: E402

BARE = ('id int PRIMARY KEY', "a int NOT NULL DEFAULT 0", 'b text', 'c numeric(10,2)',
        "d varchar(30) DEFAULT 'x'", 'e double precision', 'f bytea')


def plain(tables, changed):
    """8 columns, 3 indexes, two keys a table; one table in a hundred changed in one of three ways."""
    for i in range(tables):
        columns = list(BARE) + ['g int REFERENCES t%d(id)' % max(i - 1, 0)]
        if changed and i % 100 == 50:
            columns[3] = 'c numeric(12,2)'
        if changed and i % 100 == 51:
            columns.append('h text')
        yield 'CREATE TABLE t%d (%s);' % (i, ', '.join(columns))
        for c in 'abc':
            if not (changed and i % 100 == 52 and c == 'b'):
                yield 'CREATE INDEX t%d_%s ON t%d (%s);' % (i, c, i, c)
        if i % 100 == 99:
            yield 'COMMIT; BEGIN;'


def application(changed):
    """64 tables as an application has them: 14 columns, 6 indexes, keys, checks, comments, grants,
    sequences, types, functions, triggers and views."""
    yield "CREATE TYPE state AS ENUM ('new', 'open', 'done'); CREATE DOMAIN amount AS numeric(12,2) CHECK (VALUE >= 0);"
    yield ("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed = now(); RETURN NEW;"
           " END $$;")
    for i in range(64):
        yield ("CREATE TABLE app_%d (id bigserial PRIMARY KEY, parent bigint REFERENCES app_%d(id) ON DELETE CASCADE,"
               " name varchar(255) NOT NULL, code char(8) UNIQUE, what text DEFAULT '', state state NOT NULL DEFAULT 'new',"
               " sum amount, created timestamptz NOT NULL DEFAULT now(), changed timestamptz, active boolean NOT NULL"
               " DEFAULT true, extra jsonb, tags text[], rank int CHECK (rank BETWEEN 0 AND %d), mail varchar(%d));"
               % (i, max(i - 1, 0), 100 + i, 80 if changed and i % 20 == 7 else 120))
        for c in ('parent', 'name', 'lower(mail)', 'created DESC, state', 'changed) WHERE (active', 'rank, code'):
            yield 'CREATE INDEX ON app_%d (%s);' % (i, c)
        yield "COMMENT ON TABLE app_%d IS 'table %d'; COMMENT ON COLUMN app_%d.what IS 'what it is';" % (i, i, i)
        yield 'GRANT SELECT ON app_%d TO PUBLIC;' % i
        yield 'CREATE TRIGGER touch BEFORE UPDATE ON app_%d FOR EACH ROW EXECUTE FUNCTION touch();' % i
        if i % 4 == 0:
            yield ('CREATE VIEW seen_%d AS SELECT a.id, a.name, b.name AS parent FROM app_%d a JOIN app_%d b ON'
                   ' b.id = a.parent WHERE a.active%s;' % (i, i, max(i - 1, 0),
                                                           ' AND a.rank > 0' if changed and i == 8 else ''))


def make(url, name, statements):
    """A database, its catalogs analysed as autovacuum has them."""
    subprocess.run(['psql', '-qX', url + '/postgres', '-c', 'CREATE DATABASE %s' % name], check=True)
    script = '\n'.join(['BEGIN;', *statements, 'COMMIT;',
                        "SELECT format('VACUUM ANALYZE pg_catalog.%I', relname) FROM pg_class WHERE relkind = 'r' "
                        "AND relnamespace = 'pg_catalog'::regnamespace AND NOT relisshared \\gexec"])
    subprocess.run(['psql', '-qX', '-v', 'ON_ERROR_STOP=1', url + '/' + name], input=script, text=True, check=True,
                   stdout=subprocess.DEVNULL)
    return url + '/' + name


def read_one(snap, empty, folder, source, runs, bar):
    m = measure(runs, empty=([empty], (0,)), pg_dump=(['pg_dump', '-s', source], (0,)),
                snap=([snap, 'snapshot', source, '-o', folder + '/pg.json'], (0,)))
    line('pg_dump -s', m['pg_dump'])
    line('snap snapshot', m['snap'])
    over = judge('of the time of pg_dump', m['snap'][1] / m['pg_dump'][1], 1.5)
    return over + (judge('its memory, MiB', m['snap'][2], bar) if bar else 0)


def compare(snap, a, b, seconds, bar):
    m = measure(5, snap=([snap, 'diff', a, b], (1,)))
    line('snap diff', m['snap'])
    over = judge('snap diff of two databases, seconds', m['snap'][1], seconds)
    return over + (judge('its memory, MiB', m['snap'][2], bar) if bar else 0)


def main():
    snap, empty, folder = sys.argv[1:4]
    url = os.environ['SNAP_TEST_POSTGRESQL_URL']
    print('PostgreSQL, 64 tables of an application')
    a, b = make(url, 'app_a', application(False)), make(url, 'app_b', application(True))
    over = read_one(snap, empty, folder, a, 9, 0) + compare(snap, a, b, 0.3, 24)
    print('PostgreSQL, 1,000 tables x 8 columns x 3 indexes')
    a, b = make(url, 'plain_a', plain(1000, False)), make(url, 'plain_b', plain(1000, True))
    over += read_one(snap, empty, folder, a, 5, 32) + compare(snap, a, b, 1.5, 0)
    print('PostgreSQL, 10,000 tables x 8 columns x 3 indexes')
    over += read_one(snap, empty, folder, make(url, 'plain_c', plain(10000, False)), 3, 200)
    print('bench: %d figures over their bar on PostgreSQL' % over)


if __name__ == '__main__':
    main()
