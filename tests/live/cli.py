#!/usr/bin/env python3
"""Commands where they could do harm: files of others that they would overwrite, filters in another case,
git that is elsewhere or hangs, a source that tells its engine late. One row is one run: arguments, exit
status, words that must be said, files that must stay. usage: cli.py SNAP"""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from moments import catches

SNAP = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='snap-cli-')
COUNT = {'rows': 0, 'failed': 0}
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(('SNAP_', 'GIT_'))}
CLEAN.update(LC_ALL='C', TERM='dumb', HOME=FOLDER, TMPDIR=FOLDER, GIT_CEILING_DIRECTORIES=FOLDER)
BLOG = ('create table blog_tag(id integer primary key, name text);'
        'create table blog_post(id integer primary key, title text); create table other(x);')


def at(name):
    return os.path.join(FOLDER, name)


def put(name, data):
    os.makedirs(os.path.dirname(at(name)), exist_ok=True)
    with open(at(name), 'wb') as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def read(name):
    try:
        with open(at(name), 'rb') as f:
            return f.read()
    except FileNotFoundError:
        return None


def database(name, script):
    if os.path.exists(at(name)):
        os.unlink(at(name))
    con = sqlite3.connect(at(name), isolation_level=None)
    con.executescript(script)
    con.close()


def fail(what, *why):
    COUNT['failed'] += 1
    print('FAILED %s' % what)
    for w in why:
        print('    %s' % str(w)[:800])


def row(args, status, says='', lacks=None, stays=(), env=None, cwd=None, stdin=b''):
    """Words are parted by blanks; `says` may stand on either stream."""
    COUNT['rows'] += 1
    before = {name: read(name) for name in stays}
    p = subprocess.run([SNAP, *args.split()], cwd=cwd or FOLDER, env={**CLEAN, **(env or {})}, input=stdin,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    text = (p.stdout + p.stderr).decode('utf8', 'replace')
    if p.returncode != status or says not in text or (lacks and lacks in text):
        fail('snap ' + args, 'wanted %d <%s>, not <%s>' % (status, says, lacks), 'got %d' % p.returncode, text)
    for name, data in before.items():
        if read(name) != data:
            fail('snap ' + args, name + ' was changed')
    return text


def git(*args, cwd):
    subprocess.run(['git', *args], cwd=cwd, check=True, env=CLEAN, stdout=subprocess.DEVNULL)


def files_of_others():
    """No option that names a file may name a database, a source, or what snap.yml protects."""
    database('a.db', BLOG)
    database('b.db', BLOG.replace('title text', 'title varchar(30)') + 'create view v as select 1 as one;')
    database('p.db', BLOG)
    row('snapshot a.db -o q.json', 0)
    put('blog.sql', BLOG)
    put('c.yml', 'environments:\n  prod: { url: "sqlite:p.db", protected: true }\n'
        '  erp: { snapshot: q.json, protected: true }\n  more: { snapshot: more.json }\n')
    os.symlink('p.db', at('link'))
    all_files = ('a.db', 'b.db', 'p.db', 'q.json', 'blog.sql', 'c.yml')
    for args in ('diff a.db b.db -o b.db', 'diff a.db b.db -o a.db', 'diff a.db b.db -o p.db',
                 'diff a.db b.db -f json=b.db', 'diff a.db b.db -f text -f json=./a.db', 'diff a.db b.db -q -o link',
                 'drift a.db --baseline b.db -o a.db', 'drift a.db --baseline b.db -f json=b.db',
                 'drift a.db --baseline a.db -o p.db', '-c c.yml drift prod --baseline empty -o p.db',
                 '-c c.yml drift prod --baseline empty -o link', 'snapshot a.db -o p.db', 'snapshot a.db -o a.db',
                 '-c c.yml snapshot a.db -o p.db', '-c c.yml snapshot a.db -o q.json', '-c c.yml snapshot a.db -f json=q.json',
                 '-c c.yml snapshot a.db -f json -o c.yml', '-c c.yml diff a.db b.db -o q.json',
                 'changelog a.db b.db --format sql -o p.db',
                 'changelog a.db b.db -o up.sql --rollback-output p.db', 'changelog blog.sql b.db -o blog.sql',
                 'changelog b.db blog.sql -o up.sql --rollback-output blog.sql',
                 '-c c.yml drift a.db --baseline q.json --update-baseline',
                 'drift a.db --baseline p.db --update-baseline', 'diff q.json b.db -o q.json'):
        same = args.startswith('drift a.db --baseline a.db')
        row(args, 2, 'SAME_SOURCE' if same else 'PROTECTED', stays=all_files)
    for name in ('up.sql', 'r.txt'):
        if read(name) is not None:
            fail('files', name + ' was made')
    row('snapshot q.json -o q.json --refresh', 0)
    row('-c c.yml snapshot a.db -o more.json', 0)
    row('-c c.yml snapshot a.db -o more.json', 0)
    put('empty.txt', '')
    row('diff a.db b.db -o empty.txt', 1)
    if not read('empty.txt'):
        fail('an empty file that is no source', 'was not written')


def filters():
    """The engine ignores case, and so does a pattern; what a file left out stays left out."""
    row('diff a.db b.db --include table:BLOG_POST', 1, 'title', lacks='view v')
    row('diff a.db b.db --exclude COLUMN:x', 2, 'BAD_VALUE')
    row('diff a.db b.db --exclude table:Blog_Post --exclude view:V', 0, 'the same')
    row('snapshot a.db --exclude table:blog_post -o part.json', 0)
    row('snapshot part.json --exclude table:other', 3, 'SCOPE_PARTIAL')
    row('diff part.json b.db --exclude view:v', 0, 'the same')
    row('changelog b.db part.json -o part.yaml', 0, 'proof: 1 step')
    row('verify part.yaml --from b.db --to part.json', 0, 'reaches part.json')
    row('verify part.yaml --from b.db --include table:typo', 3, 'PATTERN_UNKNOWN')
    row('diff a.db b.db', 3, 'table:typo', env={'SNAP_INCLUDE': 'table:typo'})
    row('diff a.db b.db --exclude table:*,view:*', 2, 'one pattern')
    row('-q diff a.db b.db --exclude table:typo', 1, lacks='warning')
    row('drift b.db --baseline a.db --exclude table:typo --exclude view:v --exclude table:blog_post', 0,
        lacks='warning')
    database('gone.db', 'create table databasechangelog_x(a); create table t(a);')
    database('left.db', 'create table t(a);')
    row('diff gone.db left.db', 0, 'the same')


def late_engines():
    """A file tells its engine, and the facets that it holds, when it is opened."""
    text = row('snapshot a.db', 0).encode()
    row('snapshot -', 0, '"facets":["structure",', stdin=text)
    row('snapshot - --facets structure', 0, '"facets":["structure"]', stdin=text)
    row('snapshot q.json --facets structure', 0, '"facets":["structure"]')
    row('diff - a.db', 0, 'the same', stdin=text)
    row('-c c.yml env test', 0, 'erp')
    row('-c c.yml env test erp', 0, 'ok')
    row('snapshot empty', 2, 'ENGINE_UNCLEAR')
    row('verify part.yaml --from empty', 2, 'ENGINE_UNCLEAR')
    row('verify part.yaml --from empty --to part.json', 4, 'VERIFY_FAILED')


def git_elsewhere():
    """git runs where the file stands that names the revision."""
    os.makedirs(at('repo/schema'))
    git('init', '-q', '-b', 'main', cwd=at('repo'))
    row('snapshot a.db -o repo/schema/a.json', 0)
    git('add', '-A', cwd=at('repo'))
    git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'x', cwd=at('repo'))
    put('repo/snap.yml', 'environments:\n  prod: { url: "sqlite:../a.db" }\n'
        '  was: { snapshot: "git:main:schema/a.json" }\ndrift:\n  prod: { baseline: "git:main:schema/a.json" }\n')
    put('conf/snap.yml', read('repo/snap.yml'))
    for cwd in (FOLDER, '/', at('repo'), at('repo/schema')):
        row('drift -c %s' % at('repo/snap.yml'), 0, cwd=cwd)
        row('diff was prod -c %s' % at('repo/snap.yml'), 0, 'the same', cwd=cwd)
    row('drift', 0, cwd=at('repo/schema'))
    row('drift -c %s' % at('conf/snap.yml'), 3, 'GIT: git:main:schema/a.json: ', cwd=at('repo'))
    row('drift -c %s' % at('conf/snap.yml'), 3, 'folder of snap.yml', cwd=at('repo'))
    row('drift prod -c %s --baseline git:main:schema/a.json' % at('repo/snap.yml'), 3, 'GIT', cwd=FOLDER)
    row('drift prod -c %s --baseline git:main:schema/a.json' % at('conf/snap.yml'), 5, cwd=at('repo'),
        says='NO_SUCH_FILE') if not os.path.exists(at('a.db')) else None


def git_that_hangs():
    put('bin/git', '#!/bin/sh\nexec sleep 100\n')
    os.chmod(at('bin/git'), 0o755)
    env = {'PATH': at('bin') + os.pathsep + CLEAN['PATH']}
    start = time.monotonic()
    row('diff git:main:x.json a.db --timeout 300ms', 6, 'TIMEOUT', env=env)
    if time.monotonic() - start > 20:
        fail('a git that hangs', 'was waited for')
    COUNT['rows'] += 1
    run = subprocess.Popen([SNAP, 'diff', 'git:main:x.json', 'a.db'], cwd=FOLDER, env={**CLEAN, **env},
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    catches(run, signal.SIGTERM)
    time.sleep(1)
    run.send_signal(signal.SIGTERM)
    try:
        err = run.communicate(timeout=20)[1]
        if run.returncode != 143 or b'INTERRUPTED' not in err:
            fail('a signal while git hangs', run.returncode, err)
    except subprocess.TimeoutExpired:
        run.kill()
        fail('a signal while git hangs', 'goes on')


def main():
    tests = (files_of_others, filters, late_engines, git_elsewhere, git_that_hangs)
    try:
        for test in tests:
            test()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('cli: %d runs, %d failed' % (COUNT['rows'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
