#!/usr/bin/env python3
"""SQL that comes from outside: scripts, dumps, folders, snapshots that someone edited, objects that are
not modelled. Nothing of it may be lost, cut off or smuggled in. usage: sources.py SNAP"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

SNAP = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='snap-sources-')
COUNT = {'checks': 0, 'failed': 0}


def snap(*args, status=0, says=''):
    """Runs snap; its exit status and words on either stream are checked. Gives stdout."""
    r = subprocess.run([SNAP, *args], cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    out, err = r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')
    check(r.returncode == status and says in out + err,
          'snap %s: exit %d, wanted %d and <%s>\n%s%s' % (' '.join(args), r.returncode, status, says, out,
                                                        err))
    return out


def check(good, what):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + what)


def put(name, text):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return name


def database(name, script):
    path = os.path.join(FOLDER, name)
    if os.path.exists(path):
        os.unlink(path)
    shell(name, script)
    return name


def shell(name, script):
    """The engine's own shell, as a user would: sqlite3 NAME < SCRIPT."""
    data = script if isinstance(script, bytes) else script.encode()
    r = subprocess.run(['sqlite3', name], cwd=FOLDER, input=data, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    return r.returncode, r.stdout.decode('utf8', 'replace')


def value(name, query):
    db = sqlite3.connect(os.path.join(FOLDER, name))
    row = db.execute(query).fetchone()
    db.close()
    return row[0]


def words_that_end_statements():
    """BEGIN, CASE and END are names, too."""
    script = put('words.sql', '''
        create table ev(id integer primary key, begin int, end int);
        create trigger tr after insert on ev begin
          update ev set end = case when 1 then 5 end where begin = 1; update ev set begin = 2; end;
        create table after1(x);
        create trigger tr2 after insert on after1 begin select begin from ev; end;
        create table after2(x);''')
    database('words.db', open(os.path.join(FOLDER, script)).read())
    snap('diff', 'words.db', script, says='the same')
    snap('diff', script, 'words.db', says='the same')


def commands_of_the_shell():
    put('dots.sql', '.bail on\n.mode box\nCREATE TABLE a(x);\n.headers on\n')
    check('"table:a"' in snap('snapshot', 'sqlite:dots.sql'), 'harmless commands are passed over')
    put('read.sql', 'CREATE TABLE a(x);\n.read other.sql\n')
    snap('snapshot', 'sqlite:read.sql', status=3, says='read.sql line 2')
    put('open.sql', '.open other.db\n')
    snap('snapshot', 'sqlite:open.sql', status=3, says='MALFORMED_SCHEMA')


def folders_in_folders():
    put('folder/1.sql', 'CREATE TABLE a(x);')
    put('folder/2/1.sql', 'CREATE INDEX i ON a(x);')
    put('folder/2/.hidden.sql', 'no sql')
    put('folder/notes.txt', 'no sql')
    text = snap('snapshot', 'sqlite:folder')
    check('index:i' in text, 'a script in a folder below is read')
    os.symlink('..', os.path.join(FOLDER, 'folder/2/loop'))
    snap('snapshot', 'sqlite:folder', status=5, says='CANNOT_OPEN')


def dumps():
    """A dump puts virtual tables into sqlite_schema by hand."""
    database('virtual.db', '''CREATE VIRTUAL TABLE f USING fts5(a); CREATE TABLE z(a);
        CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); INSERT INTO f VALUES('x');''')
    put('virtual.sql', shell('virtual.db', '.dump')[1])
    snap('diff', 'virtual.sql', 'virtual.db', says='the same')


def functions_of_json():
    """SQLite 3.40 takes them for unsafe where a schema is not trusted."""
    script = '''CREATE TABLE t(j text, k AS (j->>'$.a'), CHECK (json_valid(j)));
        CREATE INDEX i ON t(json_extract(j, '$.x'));'''
    database('json.db', script)
    put('json.sql', script)
    snap('diff', 'json.db', 'json.sql', says='the same')
    database('json0.db', "CREATE TABLE t(j text, k AS (j->>'$.a')); INSERT INTO t VALUES('{\"a\":1}')")
    snap('changelog', 'json0.db', 'json.db', '-o', 'json.yaml', says='proof: ')


def one_statement_means_one():
    """A snapshot that someone edited so that a text holds more than its object."""
    victim = 'CREATE TABLE victim(x); CREATE TABLE t(a int);'
    database('a.db', victim + 'INSERT INTO victim VALUES (1);')
    database('b.db', victim + 'CREATE VIEW v AS SELECT a FROM t;')
    text = snap('snapshot', 'b.db')
    mark = 'CREATE VIEW v AS SELECT a FROM t'
    check(text.count(mark) == 1, 'the text stands once')
    put('edited.json', text.replace(mark, mark + '; DROP TABLE victim; --'))
    snap('snapshot', 'edited.json', '-o', 'edited.json', '--refresh')
    snap('changelog', 'a.db', 'edited.json', '-o', 'edited.sql', status=4, says='more than one statement')
    snap('changelog', 'a.db', 'edited.json', '-o', 'edited.yaml', status=4)
    check(not os.path.exists(os.path.join(FOLDER, 'edited.sql')), 'nothing is written')


def comments_at_the_end():
    """They would take along what a script puts behind them."""
    database('c0.db', 'CREATE TABLE t(a int); INSERT INTO t VALUES (1);')
    database('c1.db', '''CREATE TABLE t(a int, b int);
        CREATE VIEW v AS SELECT a FROM t -- trailing
        ;
        CREATE INDEX i ON t(a) /* closed */;
        CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END -- x
        ;''')
    db = sqlite3.connect(os.path.join(FOLDER, 'c1.db'))
    db.execute('CREATE VIEW open AS SELECT a FROM t /* not closed')
    db.commit()
    db.close()
    snap('changelog', 'c0.db', 'c1.db', '-o', 'c.sql', '--rollback-output', 'c_back.sql', says='proof: ')
    code, text = shell('c0.db', open(os.path.join(FOLDER, 'c.sql')).read())
    check(code == 0, text)
    snap('diff', 'c0.db', 'c1.db', says='the same')
    code, text = shell('c0.db', open(os.path.join(FOLDER, 'c_back.sql')).read())
    check(code == 0 and value('c0.db', 'SELECT count(*) FROM sqlite_schema') == 1, text)
    check(value('c0.db', 'SELECT sum(a) FROM t') == 1, 'the row is there')
    put('whole.sql', snap('snapshot', 'c1.db', '--format', 'sql'))
    snap('diff', 'whole.sql', 'c1.db', says='the same')


def objects_that_are_not_modelled():
    """They hang on a table: what could take them along is refused, the rest is not."""
    trigger = b"CREATE TRIGGER audit AFTER INSERT ON t BEGIN INSERT INTO log VALUES('caf\xe9'); END;"
    database('m0.db', b'CREATE TABLE t(a int); CREATE TABLE log(x);' + trigger)
    database('m1.db', b'CREATE TABLE t(a text); CREATE TABLE log(x);' + trigger)
    database('m2.db', b'CREATE TABLE t(a int); CREATE TABLE log(x text);' + trigger)
    snap('changelog', 'm0.db', 'm1.db', '-o', 'm.sql', status=3, says='UNSUPPORTED_CHANGE')
    snap('snapshot', 'm0.db', '-o', 'm0.json')
    snap('changelog', 'm0.json', 'm1.db', '-o', 'm.sql', status=3, says='the trigger audit')
    snap('changelog', 'm0.db', 'm2.db', '-o', 'm.sql', says='proof: ')


def scripts_without_end():
    put('endless.sql', 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) '
        'SELECT max(n) FROM c;')
    start = time.monotonic()
    snap('snapshot', 'sqlite:endless.sql', '--timeout', '1s', status=6, says='TIMEOUT')
    check(time.monotonic() - start < 20, 'it ends when it should')


def scripts_that_reach_out():
    put('attach.sql', "ATTACH 'made.db' AS x; CREATE TABLE x.t(a);")
    snap('snapshot', 'sqlite:attach.sql', status=3)
    put('vacuum.sql', "CREATE TABLE t(a); VACUUM INTO 'made.db';")
    snap('snapshot', 'sqlite:vacuum.sql', status=3)
    check(not os.path.exists(os.path.join(FOLDER, 'made.db')), 'no file is made')


def main():
    tests = (words_that_end_statements, commands_of_the_shell, folders_in_folders, dumps,
             functions_of_json, one_statement_means_one, comments_at_the_end,
             objects_that_are_not_modelled, scripts_without_end, scripts_that_reach_out)
    try:
        for test in tests:
            test()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('sources: %d tests, %d checks, %d failed' % (len(tests), COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
