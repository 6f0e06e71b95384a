#!/usr/bin/env python3
"""Files that snap writes, and what filters leave to compare: nothing asked for is left out, nothing that
is read is overwritten, and nothing that was not compared passes for the same. usage: outputs.py SNAP"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

SNAP = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='snap-outputs-')
COUNT = {'checks': 0, 'failed': 0}
BLOG = ('CREATE TABLE blog_post(id integer primary key, title text);'
        'CREATE TABLE blog_tag(name text); CREATE TABLE account(id integer);')


def snap(*args, status=0, says='', never='', env=None):
    """Runs snap; its exit status and words on either stream are checked. Gives stdout."""
    r = subprocess.run([SNAP, *args], cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, env={**os.environ, 'TMPDIR': FOLDER, **(env or {})})
    out, err = r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')
    good = r.returncode == status and says in out + err and not (never and never in out + err)
    check(good, 'snap %s: exit %d, wanted %d, <%s> and not <%s>\n%s%s' % (' '.join(args), r.returncode, status,
                                                                        says, never, out, err))
    return out


def check(good, what):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + what)


def put(name, text):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    return name


def read(name):
    path = os.path.join(FOLDER, name)
    if not os.path.exists(path):
        return None
    with open(path) as f:
        return f.read()


def remove(name):
    if os.path.exists(os.path.join(FOLDER, name)):
        os.unlink(os.path.join(FOLDER, name))


def database(name, script):
    remove(name)
    db = sqlite3.connect(os.path.join(FOLDER, name))
    db.executescript(script)
    db.close()
    return name


def patterns_that_name_nothing():
    database('a.db', BLOG)
    database('b.db', BLOG + 'CREATE INDEX i ON blog_tag(name);')
    snap('diff', 'a.db', 'b.db', '--include', 'table:typo', status=3, says='table:typo')
    snap('changelog', 'a.db', 'b.db', '--include', 'table:typo', '-o', 'no.yaml', status=3)
    check(read('no.yaml') is None, 'no changelog for a pattern that names nothing')
    snap('snapshot', 'a.db', '--include', 'table:typo', status=3, says='table:typo')
    snap('drift', 'b.db', '--baseline', 'a.db', '--include', 'table:typo', status=3, says='table:typo')
    snap('diff', 'a.db', 'b.db', '--include', 'table:blog_tag', '--include', 'table:typo', status=3)
    snap('diff', 'a.db', 'b.db', '--include', 'index:I', status=1, says='index')
    snap('diff', 'a.db', 'b.db', '--exclude', 'table:typo', status=1, says='warning: --exclude table:typo')
    snap('diff', 'a.db', 'b.db', '--exclude', 'table:account', status=1, never='warning')
    snap('drift', 'a.db', '--baseline', 'sqlite:a.db?immutable=1', '--exclude', 'table:typo', status=2)
    snap('snapshot', 'a.db', '-o', 'base.json')
    check(snap('drift', 'a.db', '--baseline', 'base.json', '--exclude', 'table:typo', never='warning') == '',
          'a quiet drift stays quiet')
    for args in (['--exclude', 'table:blog*,view:*'], ['--include', 'table:blog*,table:account']):
        snap('diff', 'a.db', 'b.db', *args, status=2, says='BAD_VALUE')
    snap('diff', 'a.db', 'b.db', status=2, says='BAD_VALUE', env={'SNAP_EXCLUDE': 'table:blog*,view:*'})
    put('conf/snap.yml', 'version: 1\ndefaults: { include: ["table:typo"] }\nenvironments:\n'
        '  dev: { url: "sqlite:../b.db" }\ndrift:\n  dev: { baseline: ../base.json }\n')
    snap('-c', 'conf/snap.yml', 'drift', status=3, says='table:typo')


def scopes_that_share_nothing():
    snap('snapshot', 'a.db', '--exclude', 'table:blog*', '-o', 'part.json')
    snap('snapshot', 'a.db', '--include', 'table:blog_tag', '-o', 'part2.json')
    snap('diff', 'part.json', 'part2.json', status=3, says='NOTHING_COMPARED', never=' are the same')
    snap('diff', 'part2.json', 'part.json', status=3, says='NOTHING_COMPARED')
    snap('drift', 'part.json', '--baseline', 'part2.json', status=3)
    snap('diff', 'part.json', 'a.db', says='the same')
    one = json.loads(snap('diff', 'part.json', 'a.db', '-f', 'json'))
    check(one['from']['fingerprint'] == one['to']['fingerprint'] and one['from']['facts'] == one['to']['facts'],
          'both sides show what was compared: %s' % one)
    database('only.db', 'CREATE TABLE blog(a);')
    snap('snapshot', 'only.db', '--exclude', 'table:blog*', '-o', 'none.json')
    snap('snapshot', 'only.db', '-o', 'full.json')
    for other in ('only.db', 'full.json'):
        snap('diff', 'none.json', other, status=3, says='NOTHING_COMPARED')
    database('nothing.db', '')
    database('nothing2.db', '')
    snap('diff', 'nothing.db', 'nothing2.db', says='the same')
    database('more.db', BLOG + 'CREATE TABLE account2(id integer);')
    snap('changelog', 'more.db', 'part.json', '-o', 'cut.yaml', says='proof: ')
    check('account2' in read('cut.yaml') and 'blog' not in read('cut.yaml'), 'the rest of more.db stays')


def bookkeeping():
    tables = ('CREATE TABLE DATABASECHANGELOGHISTORY(id int); CREATE TABLE DATABASECHANGELOG(id int);'
              'CREATE TABLE flyway_schema_history(id int); CREATE INDEX fi ON flyway_schema_history(id);')
    database('kept.db', BLOG + tables)
    snap('diff', 'kept.db', 'a.db', says='the same')
    database('view.db', BLOG + 'CREATE VIEW databasechangelog AS SELECT 1;')
    snap('diff', 'view.db', 'a.db', status=1, says='view databasechangelog')


def migrations():
    """Numbers that stand in the folder are not given again, whatever is left over of a run."""
    database('one.db', BLOG)
    database('two.db', BLOG + 'CREATE TABLE extra(id int);')
    put('fly/V1__a.sql', 'SELECT 1;')
    put('fly/U1__a.sql', 'SELECT 1;')
    put('fly/U4__left.sql', 'SELECT 1;')
    snap('changelog', 'one.db', 'two.db', '-o', 'fly', '--format', 'flyway')
    check(sorted(os.listdir(os.path.join(FOLDER, 'fly')))[-1] == 'V5__create_table_extra.sql', 'behind U4')
    snap('verify', 'fly', '--from', 'one.db', '--to', 'two.db')
    put('fly/R__views.sql', 'CREATE VIEW v AS SELECT 1;')
    snap('verify', 'fly', '--from', 'one.db', '--to', 'two.db', says='R__views.sql is not replayed')
    put('fly/U5.0__b.sql', 'SELECT 1;')
    snap('verify', 'fly', '--from', 'one.db', '--to', 'two.db', status=3, says='have one version')


def functions_that_are_a_mistake():
    """A function that neither schema names as a word is none of the application."""
    database('one.db', BLOG)
    database('two.db', BLOG + 'CREATE TABLE extra(id int);')
    snap('changelog', 'one.db', 'two.db', '-o', 'fn.sql', '--rollback-output', 'fn-back.sql')
    with open(os.path.join(FOLDER, 'fn.sql'), encoding='utf8') as f:
        put('fn.sql', f.read() + "\nCREATE TABLE tt AS SELECT ext(1) AS a;\nDROP TABLE tt;\n")
    snap('verify', 'fn.sql', '--rollback', 'fn-back.sql', '--from', 'one.db', '--to', 'two.db', status=4,
         says='no such function: ext')


def a_guard_that_stops_every_row():
    """A changelog that would fail where tables hold rows, though the change does not want them empty."""
    database('old.db', 'CREATE TABLE t (id INT PRIMARY KEY, v TEXT);')
    database('new.db', 'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);')
    snap('changelog', 'old.db', 'new.db', '-o', 'guard.yaml')
    snap('verify', 'guard.yaml', '--from', 'old.db', '--to', 'new.db', never='needed empty')
    with open(os.path.join(FOLDER, 'guard.yaml'), encoding='utf8') as f:
        text = f.read()
    check("<> 'integer'" in text, 'the guard is there')
    put('guard.yaml', text.replace("<> 'integer'", "<> 'integers'"))
    snap('verify', 'guard.yaml', '--from', 'old.db', '--to', 'new.db', status=4, says='was altered: statement 4')


def scripts_of_what_is_not_modelled():
    database('odd.db', 'CREATE TABLE t(a int); CREATE TABLE ta(a "Double" precision);')
    if '"ledger":[]' in snap('snapshot', 'odd.db'):
        database('odd.db', 'CREATE TABLE t(a int);')
        db = sqlite3.connect(os.path.join(FOLDER, 'odd.db'))
        db.execute("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 'x'; END")
        db.execute('PRAGMA writable_schema = on')
        db.execute("UPDATE sqlite_schema SET sql = replace(sql, 'x', CAST(x'e9' AS TEXT)) WHERE name = 'g'")
        db.commit()
        db.close()
    check('"ledger":[]' not in snap('snapshot', 'odd.db'), 'something is not modelled')
    snap('snapshot', 'odd.db', '--format', 'sql', status=3, says='UNMODELLED')
    snap('snapshot', 'odd.db', '-o', 'odd.sql', status=3, says='UNMODELLED')
    check(read('odd.sql') is None, 'no script without it')
    put('odd.yml', 'version: 1\ncheck: {rules: [{id: k, rule: name-length, max: 90}]}\n')
    snap('-c', 'odd.yml', 'check', 'odd.db', says='not modelled and not judged')
    snap('snapshot', 'odd.db', '-f', 'mermaid', says='not in the picture')
    snap('docs', 'odd.db', '-o', 'odd', says='have no page')
    for args in (['snapshot', 'odd.db'], ['docs', 'odd.db', '-o', 'odd'], ['-c', 'odd.yml', 'check', 'odd.db']):
        snap(*args, '--strict', status=3, says='UNMODELLED')


def quiet_and_files():
    for args in (['-o', 'r.txt'], ['-f', 'json=r.txt']):
        remove('r.txt')
        out = snap('diff', 'a.db', 'b.db', '-q', *args, status=1)
        check(out == '' and read('r.txt'), 'diff -q %s writes the file and nothing else' % args)
    remove('r.txt')
    check(snap('drift', 'b.db', '--baseline', 'base.json', '-q', '-o', 'r.txt', status=1) == '' and
          'index' in (read('r.txt') or ''), 'drift -q -o writes the file')
    check(snap('diff', 'a.db', 'b.db', '-q', status=1) == '', 'diff -q prints nothing')


def two_files():
    put('old.sql', 'old')
    snap('changelog', 'a.db', 'b.db', '-o', 'old.sql', '--rollback-output', './old.sql', status=2, says='old.sql')
    check(read('old.sql') == 'old', 'the file is as it was')
    os.symlink('old.sql', os.path.join(FOLDER, 'link.sql'))
    snap('changelog', 'a.db', 'b.db', '-o', 'old.sql', '--rollback-output', 'link.sql', status=2)
    snap('changelog', 'a.db', 'b.db', '-o', 'old.sql', '--rollback-output', 'none/x.sql', status=3,
         says='WRITE_FAILED')
    snap('changelog', 'a.db', 'b.db', '-o', 'none/x.sql', '--rollback-output', 'old.sql', status=3,
         says='WRITE_FAILED')
    check(read('old.sql') == 'old', 'both files, or none')
    snap('changelog', 'a.db', 'b.db', '-o', 'up.sql', '--rollback-output', 'a.db', status=2, says='PROTECTED')
    snap('diff', 'a.db', 'b.db', '-f', 'text', '-f', 'json', '-o', 'x', status=2, says='USAGE')
    snap('diff', 'a.db', 'b.db', '-f', 'text=x', '-f', 'json=x', status=2, says='USAGE')
    check(read('x') is None, 'nothing is written')
    snap('diff', 'a.db', 'b.db', '-f', 'text=x1', '-f', 'json=x2', status=1)
    check(read('x1') and json.loads(read('x2')), 'each in its own file')


def reports_of_drift():
    put('rep.txt', 'last night')
    snap('drift', 'a.db', '--baseline', 'base.json', '-o', 'rep.txt')
    check('are the same' in read('rep.txt'), 'no drift: the report says so')
    snap('drift', 'a.db', '--baseline', 'base.json', '-f', 'json', '-o', 'rep.json')
    check(json.loads(read('rep.json'))['same'] is True, 'no drift: the JSON says so')
    put('rep.txt', 'last night')
    snap('drift', 'none.db', '--baseline', 'base.json', '-o', 'rep.txt', status=5)
    check(read('rep.txt') == 'last night', 'no report where nothing could be told')
    database('c.db', BLOG + 'CREATE TABLE c(a);')
    two = json.loads(snap('drift', 'b.db', 'c.db', '--baseline', 'base.json', '-f', 'json', status=1))
    check([one['to']['label'] for one in two] == ['b.db', 'c.db'], 'one list of two reports')
    one = json.loads(snap('drift', 'b.db', '--baseline', 'base.json', '-f', 'json', status=1))
    check(one == two[0], 'one target: one document')
    snap('drift', 'a.db', 'b.db', '--baseline', 'base.json', '-f', 'json', '-o', 'rep.json', status=1)
    check([one['same'] for one in json.loads(read('rep.json'))] == [True, False], 'a file tells of every target')
    before = read('base.json')
    snap('drift', 'b.db', 'c.db', '--baseline', 'base.json', '--update-baseline', status=2, says='USAGE')
    check(read('base.json') == before, 'the baseline of two is not written')
    snap('drift', 'b.db', '--baseline', 'new.json', '--update-baseline')
    snap('diff', 'b.db', 'new.json', says='the same')


def formats_and_files():
    snap('drift', 'b.db', '--baseline', 'base.json', '-f', 'markdown=d.md', status=1)
    check('#' in (read('d.md') or ''), 'drift -f markdown=FILE')
    snap('snapshot', 'a.db', '-f', 'sql=s.sql')
    check('CREATE TABLE' in (read('s.sql') or ''), 'snapshot -f sql=FILE')
    snap('changelog', 'a.db', 'b.db', '-f', 'liquibase-yaml=l.yaml')
    check('databaseChangeLog' in (read('l.yaml') or ''), 'changelog -f liquibase-yaml=FILE')
    snap('diff', 'a.db', 'b.db', '--stat', '-f', 'json', status=2, says='--stat')
    snap('diff', 'a.db', 'b.db', '--name-status', '-f', 'markdown', status=2, says='--name-status')
    snap('diff', 'a.db', 'b.db', '--stat', status=1, says='blog_tag')
    snap('snapshot', 'a.db', '-o', 'a.yaml', status=2, says='UNKNOWN_FORMAT')
    check(read('a.yaml') is None, 'no JSON in a .yaml file')
    snap('snapshot', 'a.db', '-o', 'a.snap.json')
    snap('snapshot', 'a.db', '-o', 'a.snap')


def sources_stay():
    put('blog.sql', BLOG)
    put('set/1.sql', BLOG)
    snap('changelog', 'sqlite:blog.sql', 'b.db', '-o', 'blog.sql', status=2, says='PROTECTED')
    snap('diff', 'sqlite:blog.sql', 'b.db', '-o', './blog.sql', status=2, says='PROTECTED')
    snap('diff', 'sqlite:blog.sql', 'b.db', '-f', 'json=blog.sql', status=2, says='PROTECTED')
    snap('changelog', 'sqlite:set', 'b.db', '-o', 'set/1.sql', status=2, says='PROTECTED')
    check(read('blog.sql') == BLOG and read('set/1.sql') == BLOG, 'the sources are as they were')
    before = read('base.json')
    snap('diff', 'base.json', 'b.db', '-o', 'base.json', status=2, says='PROTECTED')
    snap('drift', 'b.db', '--baseline', 'base.json', '-o', 'base.json', status=2, says='PROTECTED')
    check(read('base.json') == before, 'the baseline is as it was')
    snap('snapshot', 'base.json', '-o', 'base.json', '--refresh')
    put('empty.db', '')
    put('conf/snap.yml', 'version: 1\nenvironments:\n  prod: { url: "sqlite:../empty.db", protected: true }\n')
    for name in ('empty.db', 'conf/snap.yml'):
        before = read(name)
        snap('-c', 'conf/snap.yml', 'diff', 'a.db', 'b.db', '-o', name, status=2, says='PROTECTED')
        snap('-c', 'conf/snap.yml', 'snapshot', 'a.db', '-f', 'json', '-o', name, status=2, says='PROTECTED')
        check(read(name) == before, name + ' is as it was')


def scratch_files():
    """A page size needs a file: it goes even when a second signal ends the run, and old ones are swept."""
    def left():
        return [n for n in os.listdir(FOLDER) if n.startswith('snap_scratch_')]
    database('page0.db', 'PRAGMA page_size = 8192; CREATE TABLE t0(a);')
    script = ''.join('CREATE TABLE t%d(a, b, c); CREATE INDEX i%d ON t%d(a);' % (i, i, i) for i in range(400))
    database('page.db', 'PRAGMA page_size = 8192;' + script)
    put('snap_scratch_old', 'x')
    os.utime(os.path.join(FOLDER, 'snap_scratch_old'), (10 ** 9, 10 ** 9))
    args = [SNAP, 'changelog', 'page0.db', 'page.db', '--facets', '+pragmas', '-f', 'sql']
    run = subprocess.Popen(args, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={**os.environ, 'TMPDIR': FOLDER})
    end = time.monotonic() + 60
    while run.poll() is None and time.monotonic() < end and not [n for n in left() if n != 'snap_scratch_old']:
        time.sleep(0.002)
    check(run.poll() is None, 'there is a scratch file while it runs')
    os.kill(run.pid, signal.SIGSTOP)
    os.kill(run.pid, signal.SIGTERM)
    os.kill(run.pid, signal.SIGINT)
    os.kill(run.pid, signal.SIGCONT)
    run.wait()
    check(run.returncode in (130, 143), 'ended by a signal: %s' % run.returncode)
    check(left() == [], 'nothing is left: %s' % left())


def main():
    tests = (patterns_that_name_nothing, scopes_that_share_nothing, bookkeeping, migrations, functions_that_are_a_mistake,
             a_guard_that_stops_every_row,
             scripts_of_what_is_not_modelled, quiet_and_files, two_files, reports_of_drift, formats_and_files,
             sources_stay, scratch_files)
    try:
        for test in tests:
            test()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('outputs: %d tests, %d checks, %d failed' % (len(tests), COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
