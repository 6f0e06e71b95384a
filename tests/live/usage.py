#!/usr/bin/env python3
"""What snap says to people: values that are not taken, words in the wrong place, renames, URLs, and lines of
reports. One row is one run. usage: usage.py SNAP"""
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

SNAP = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='snap-usage-')
COUNT = {'tests': 0, 'checks': 0, 'failed': 0}
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith('SNAP_')}
CLEAN.update(LC_ALL='C', TERM='dumb')


def check(good, what):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + what)


def run(args, env=None, stdin=None):
    """Runs snap in the folder; `#` stands for the folder's own path."""
    words = [w.replace('#', FOLDER) for w in args.split(' ')]
    words = [w.replace('~', ' ') for w in words]
    return subprocess.run([SNAP, *words], cwd=FOLDER, env=dict(CLEAN, **(env or {})), input=stdin or b'',
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def row(args, status, has=(), lacks=(), env=None):
    """One run: its exit status, and what either stream must hold or lack."""
    COUNT['tests'] += 1
    r = run(args, env)
    text = (r.stdout + r.stderr).decode('utf8', 'replace')
    where = 'snap %s: ' % args
    check(r.returncode == status, '%sexit %d, wanted %d\n%s' % (where, r.returncode, status, text))
    for word in [has] if isinstance(has, str) else has:
        check(word in text, '%s<%s> is missing in\n%s' % (where, word, text))
    for word in [lacks] if isinstance(lacks, str) else lacks:
        check(word not in text, '%s<%s> stands in\n%s' % (where, word, text))
    return text


def put(name, text):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    return name


def database(name, script):
    path = os.path.join(FOLDER, name)
    if os.path.exists(path):
        os.unlink(path)
    subprocess.run(['sqlite3', name], cwd=FOLDER, input=script.encode(), check=True)
    return name


def renames():
    database('r0.db', 'create table blog_tag(id integer primary key, name text);')
    database('r1.db', 'create table blog_tag(id integer primary key, label text);')
    for command in 'diff r0.db r1.db', 'changelog r0.db r1.db -o r.sql':
        row(command + ' --rename blog_tag.name=other.label', 2, ('BAD_VALUE', 'other.label', 'elsewhere'))
        row(command + ' --rename blog_tag.name=title2', 2, ('RENAME_UNKNOWN', 'title2', 'r1.db'))
        row(command + ' --rename blog_tag.nam=label', 2, 'RENAME_UNKNOWN')
    row('diff r0.db r1.db --rename blog_tag.name=label', 1, '1 rename', lacks='added')
    row('diff r0.db r1.db --rename blog_tag.name=blog_tag.label', 1, '1 rename', lacks='added')
    row('changelog r0.db r1.db -o r.sql --rename blog_tag.name=label', 0, 'proof: 1 step')
    database('r4.db', 'create table tag(id integer primary key, label text);')
    both = ' r0.db r4.db --rename blog_tag.name=label --rename blog_tag=tag'
    row('diff' + both, 1, '2 renames', lacks='added')
    row('changelog%s -o r.sql' % both, 0, 'proof: 2 steps')
    put('renames.yml', 'renames: ["blog_tag.name -> label", "gone -> away"]\n')
    row('-c renames.yml diff r0.db r1.db', 1, '1 rename', lacks='added')
    put('renames.yml', 'renames: ["blog_tag.name=label"]\n')
    row('-c renames.yml diff r0.db r1.db', 2, ('BAD_VALUE', 'renames.yml: renames', 'want OLD -> NEW'))
    database('r2.db', 'create table t(a int); create view v as select a from t;'
             'create view w as select * from v where a > 1;')
    database('r3.db', 'create table t(b int); create view v as select b from t;'
             'create view w as select * from v where b > 1;')
    row('changelog r2.db r3.db -o r.sql --rename t.a=b', 3,
        ('UNSUPPORTED_CHANGE', 'view w', 'drop what is in its way'))


def urls():
    database('u0.db', 'create table t(a);')
    for url in 'sqlite:#/u0.db', 'sqlite://#/u0.db', 'sqlite:///#/u0.db', '/#/u0.db', '//#/u0.db':
        row('snapshot ' + url, 0, '"path":"table:t"')
    for key in 'immutable', 'lenient':
        for value in 'no', 'off', '0', 'false', 'yes', 'on', '1', 'true':
            row('snapshot sqlite:u0.db?%s=%s' % (key, value), 0, '"path":"table:t"')
        row('snapshot sqlite:u0.db?%s=banana' % key, 2, ('BAD_VALUE', key, 'banana'))
        row('snapshot sqlite:u0.db?%s=' % key, 2, ('BAD_VALUE', key))


def flags_that_mean_no():
    """Schema that only a lenient reading takes: =no must not read it."""
    path = database('bad.db', 'create table t(a); pragma writable_schema = on;'
                    "insert into sqlite_schema values('table', 'x', 'x', 0, 'create table x(');")
    row('snapshot sqlite:%s?lenient=no' % path, 3, 'MALFORMED_SCHEMA')
    row('snapshot sqlite:%s?lenient=off' % path, 3, 'MALFORMED_SCHEMA')
    row('snapshot sqlite:%s?lenient=yes' % path, 0)


def values():
    database('v0.db', 'create table t(a);')
    database('v1.db', 'create table t(a, b);')
    row('diff v0.db v1.db', 2, ('BAD_VALUE', 'SNAP_QUIET', 'maybe'), env={'SNAP_QUIET': 'maybe'})
    row('diff v0.db v1.db', 1, env={'SNAP_NO_VERIFY': 'maybe'})
    row('changelog v0.db v1.db -o v.sql', 2, ('BAD_VALUE', 'SNAP_NO_VERIFY', 'maybe'),
        env={'SNAP_NO_VERIFY': 'maybe'})
    row('changelog v0.db v1.db -o v.yaml', 2, ('BAD_VALUE', 'SNAP_ID_DESCRIPTION', 'maybe'),
        env={'SNAP_ID_DESCRIPTION': 'maybe'})
    row('changelog v0.db v1.db -o v.sql', 0, lacks='proof', env={'SNAP_NO_VERIFY': 'yes'})
    row('diff v0.db v1.db --color mauve', 2, ('BAD_VALUE', '--color'))
    for line in 'no-verify: nope', 'quiet: maybe', 'author: [a, b]', 'quiet: [true, false]':
        put('c/snap.yml', 'version: 1\ndefaults:\n  %s\n' % line)
        row('changelog v0.db v1.db -o v.sql -c c/snap.yml', 2, ('BAD_VALUE', 'line 3', line.split(':')[0]))
    put('c/snap.yml', 'version: 1\ndefaults:\n  quiet: true\n  facets: [structure, comments]\n')
    row('diff v0.db v1.db -c c/snap.yml', 1, lacks='table')


def options_of_other_commands():
    database('o0.db', 'create table t(a);')
    put('snap.yml', 'version: 1\nenvironments:\n  gone: { url: "sqlite:gone.db" }\n')
    row('env list -o x', 2, ('UNKNOWN_OPTION', 'snap env', '-o'), 'option x')
    row('verify o.sql --from o0.db -o out.txt', 2, ('UNKNOWN_OPTION', 'snap verify', '-o'), 'out.txt')
    row('verify o.sql --from o0.db -oout.txt', 2, ('UNKNOWN_OPTION', 'snap verify', '-o'), 'out.txt')
    row('verify o.sql --from o0.db --output=out.txt', 2, 'snap verify takes no --output', 'out.txt')
    row('verify o.sql --from o0.db --author x', 2, 'snap verify takes no --author')
    row('version --color', 2, ('USAGE', '--color needs a value'))
    row('diff o0.db o0.db -x', 2, ('UNKNOWN_OPTION', '-x'))
    row('diff o0.db o0.db --outpot x', 2, ('UNKNOWN_OPTION', '--outpot', '--output'))
    text = row('env test gone', 5, ('NO_SUCH_FILE', FOLDER + '/gone.db'))
    check(text.count('gone:') <= 1, 'the environment is named once per line:\n' + text)
    os.unlink(os.path.join(FOLDER, 'snap.yml'))


def verify():
    database('w0.db', 'create table t(a);')
    database('w1.db', 'create table t(a, b);')
    row('changelog w0.db w1.db -o w.sql --rollback-output w_back.sql', 0, 'proof: ')
    row('changelog w0.db w1.db -o w.yaml', 0, 'proof: ')
    row('verify w.sql --from w0.db --to w1.db', 2, ('USAGE', '--rollback'))
    row('verify w.sql --from w0.db', 2, ('USAGE', '--rollback'))
    row('verify w0.db --from w0.db', 3, ('database', 'changelog'))
    row('verify w.sql --rollback w_back.sql --from w0.db --to w1.db', 0, 'reaches w1.db')
    text = row('snapshot w1.db', 0)
    print_of = text.split('"fingerprint":"')[1][:8]
    row('verify w.yaml --from w0.db', 0, 'fingerprint ' + print_of, 'fingerprint 00000000')
    row('verify w.sql --rollback w_back.sql --from w0.db', 0, 'fingerprint ' + print_of)


def sources():
    put('x.sql', 'create table t(a);')
    put('folder/x.sql', 'create table t(a);')
    row('diff - -', 2, 'standard input')
    row('changelog - - -o x.yaml', 2, 'standard input')
    for facets in ('-structure', 'comments', 'acl,owner', 'stats', 'sharding'):
        row('diff empty sqlite:x.sql --facets ' + facets, 3, 'NOTHING_COMPARED')
    row('snapshot x.sql', 2, 'ENGINE_UNCLEAR')
    row('snapshot sqlite:x.sql', 0, '"path":"table:t"')
    row('snapshot sqlite:folder', 0, '"path":"table:t"')
    row('diff empty sqlite:x.sql', 1, '+ table t')
    row('diff sqlite:x.sql folder', 0, 'the same')
    row('diff empty empty', 2, 'ENGINE_UNCLEAR')


def help_topics():
    row('help changlog', 2, ('UNKNOWN_COMMAND', 'did you mean', 'changelog'))
    row('help hazzards', 2, 'hazards')
    row('help VERIFY_FALED', 2, 'VERIFY_FAILED')
    row('help DATA_LOSS', 0, ('DATA_LOSS', 'loses data', 'copy the data away first'))
    row('help data_dependent', 0, ('DATA_DEPENDENT', 'mend the rows first'))
    row('help VERIFY_FAILED', 0, ('VERIFY_FAILED', 'exit status 4'))
    row('help cannot_verify', 0, 'exit status 3')


def hazards_stand_where_they_belong():
    database('h0.db', 'create table c(email text, name text);')
    database('h1.db', 'create table c(email int, name text, phone text);')
    lines = row('diff h0.db h1.db', 1).split('\n')
    at = [i for i, line in enumerate(lines) if 'rewrite' in line]
    check(len(at) == 1 and 'email' in lines[at[0] - 1], 'the hazard stands below email:\n' + '\n'.join(lines))
    database('h2.db', 'create table c(email text not null, name text);')
    row('diff h0.db h2.db', 1, 'data dependent')
    database('h3.db', 'create table c(email text, name text, check (name > 1));')
    database('h7.db', 'create table c(email text, name text, check (name > 2));')
    row('diff h3.db h7.db', 1, 'data dependent')
    row('diff h3.db h0.db', 1, lacks='data dependent')
    row('diff h0.db h2.db -f json', 1, 'DATA_DEPENDENT')
    row('diff h2.db h0.db', 1, lacks='data dependent')
    database('h4.db', 'create table c(email text, name text, x int not null);')
    row('diff h0.db h4.db', 1, 'data dependent')
    database('h5.db', 'create table c(email text, name text, x int not null default 0);')
    row('diff h0.db h5.db', 1, lacks='data dependent')
    database('h8.db', 'create table c(email text, name text, x int not null as (1));')
    row('diff h0.db h8.db', 1, lacks='data dependent')
    database('h6.db', 'create table c(email text, name text); create unique index u on c(name);')
    row('diff h0.db h6.db', 1, 'data dependent')


def generated_columns():
    """Their values are computed: nothing is lost with them."""
    database('g0.db', 'create table t(a int, b as (a + 1), c as (a + 2) stored);')
    for i, script in enumerate(('create table t(a int, c as (a + 2) stored);',
                                'create table t(a int, b as (a + 1));')):
        database('g1.db', script)
        row('diff g0.db g1.db', 1, '1 dropped', 'data loss')
        row('diff g0.db g1.db --fail-on destructive', 0)
        row('changelog g0.db g1.db -o g%d.yaml' % i, 0, 'proof: ', 'data')
    database('g2.db', 'create table t(b int);')
    row('diff g0.db g2.db', 1, 'data loss')


def proof_and_summary():
    database('p0.db', 'create table t(a text primary key not null, b);')
    database('p1.db', 'create table t(a text primary key not null, b) without rowid;')
    row('changelog p0.db p1.db -o p.yaml', 0, 'not exact', 'data')
    database('p2.db', 'create table t(a text primary key not null);')
    row('changelog p0.db p2.db -o p.yaml', 0, 'loses data', 'not exact')


def scripts_say_what_they_do():
    """A view that changes is out of the way when a name's case is changed."""
    database('p0.db', 'create table t(a text primary key not null, b);')
    database('p3.db', 'create table t(A text primary key not null, b);')
    row('diff p0.db p3.db', 1, 'name a -> A', 'rewrite')
    row('changelog p0.db p3.db -o p.sql', 0, 'proof: ')
    text = open(os.path.join(FOLDER, 'p.sql')).read()
    check('RENAME COLUMN' in text and 'rebuild' not in text, 'renamed in place is no rebuild:\n' + text)
    database('p4.db', 'create table t(a text, b); create view v as select zz from t;')
    database('p5.db', 'create table t(A text, b); create view v as select 1 from t;')
    row('diff p4.db p5.db', 1, 'name a -> A', 'rewrite')
    row('changelog p4.db p5.db -o p.sql', 0, 'proof: ')
    text = open(os.path.join(FOLDER, 'p.sql')).read()
    check('RENAME COLUMN' in text and 'rebuild' not in text, 'renamed in place is no rebuild:\n' + text)


def explain():
    database('e0.db', 'create table t(a int); create index i on t(a);')
    database('e1.db', 'create table t(a int not null, b text);')
    text = row('explain e0.db e1.db', 0, ('step 2 of 2: rebuild table t', 'DROP INDEX i', '! REWRITE: table t',
                                          '! DATA_DEPENDENT: column t.a', 'safer: mend the rows first'))
    check(max(len(x) for x in text.splitlines()) <= 100, 'explain: a line is too long')
    row('explain e0.db e0.db --include table:t', 2, 'SAME_SOURCE')
    row('explain e0.db e1.db -f json -o e.json', 0)
    with open(os.path.join(FOLDER, 'e.json'), encoding='utf8') as f:
        found = json.load(f)
    check([x['title'] for x in found['steps']][0] == 'drop index t.i' and
          found['steps'][1]['hazards'][0]['code'] == 'DATA_DEPENDENT', 'explain: %s' % found)
    row('explain e0.db e1.db -f markdown', 2, ('UNKNOWN_FORMAT', 'text, json'))
    row('explain e0.db e1.db --probe', 3, ('CANNOT_VERIFY', 'SQLite', 'leave out --probe'))
    row('explain e0.db e1.db --online', 2, ('USAGE', '--online', 'SQLite'))
    row('changelog e0.db e1.db --online -o e.sql', 2, ('USAGE', '--online', 'SQLite'))
    check(not os.path.exists(os.path.join(FOLDER, 'e.sql')), 'a changelog that is refused is not written')


def values_of_options():
    database('o0.db', 'create table t(a int, b int);')
    database('o1.db', 'create table t(a int, b int); create table u(a int);')
    database('o2.db', 'create table t(a int);')
    row('diff o0.db o1.db --fail-on drift', 1)
    row('diff o0.db o1.db --fail-on breaking', 0, '1 added')
    row('diff o0.db o2.db --fail-on breaking', 1)
    row('diff o0.db o1.db --fail-on destructive', 0)
    row('diff o0.db o2.db --fail-on destructive', 1)
    for words in '-M=50%', '-M50', '--find-renames=100%':
        row('diff o0.db o2.db ' + words, 1, 'table t')
    row('diff o0.db o1.db -M=101%', 2, ('BAD_VALUE', '101'))
    row('diff o0.db o1.db --color always', 1, '\x1b[')
    row('diff o0.db o1.db --color never', 1, lacks='\x1b[')
    row('diff o0.db', 2, 'an argument is missing')
    row('diff o0.db o1.db -o two.txt -f text=one.txt', 2, ('USAGE', 'a file of its own'))
    row('diff o0.db o1.db --retries 1001', 2, ('BAD_VALUE', '--retries'))
    row('snapshot o0.db -f json=o.json', 0)
    row('snapshot o0.db -f json=o.json -o p.json', 2, ('USAGE', 'one file is wanted'))
    row('snapshot o0.db -f json -f sql', 2, 'USAGE')
    row('snapshot o0.db --refresh', 2, ('USAGE', '--refresh wants a snapshot file', 'o0.db'))
    row('changelog o0.db o1.db -o o.yaml --comment \udcff', 2, ('BAD_VALUE', '--comment is not UTF-8'))
    row('env grants o0.db', 2, ('BAD_VALUE', 'without a role of a server'))
    row('-v env test o0.db', 0, ' ms')
    row('-q verify o.yaml --from o0.db', 5, 'NO_SUCH_FILE')
    row('changelog o0.db o1.db -o o.sql --rollback-output u.sql', 0)
    row('verify o.sql --rollback gone.sql --from o0.db', 5, ('NO_SUCH_FILE', 'gone.sql'))
    row('verify o.sql --rollback u.sql --from gone.db', 5, ('NO_SUCH_FILE', 'gone.db'))
    check(row('-q verify o.sql --rollback u.sql --from o0.db', 0) == '', 'a quiet proof says something')
    created = 'changelog o0.db o1.db -o o.yaml --created-values'
    row(created, 0, env={'SOURCE_DATE_EPOCH': '86400'})
    with open(os.path.join(FOLDER, 'o.yaml')) as f:
        check('1970-01-02 00:00+0000' in f.read(), 'SOURCE_DATE_EPOCH is not what was created')
    row(created, 2, ('BAD_VALUE', 'SOURCE_DATE_EPOCH is no time'), env={'SOURCE_DATE_EPOCH': '9' * 18})


def drift_words():
    database('d0.db', 'create table t(a int, b int);')
    database('d1.db', 'create table t(a int, b int); create table u(a int);')
    row('snapshot d0.db -o d.json', 0)
    row('drift d1.db --baseline d.json -f nope', 2, ('UNKNOWN_FORMAT', 'snap drift has no format nope'))
    row('drift d1.db --baseline d.json --fail-on nope', 2, ('BAD_VALUE', '--fail-on'))
    row('drift d1.db --baseline d.json --fail-on breaking', 0)
    row('drift d1.db --baseline d.json --fail-on drift', 1, '+ table u')
    row('drift d1.db --baseline d.json -o nowhere/report', 3, ('WRITE_FAILED', 'nowhere/report'))
    for baseline in 'git:main:d.json', 'empty', 'offline:sqlite?snapshot=d.json':
        row('drift d1.db --baseline %s --update-baseline' % baseline, 2, ('USAGE', 'no file that can be written'))
    row('drift d.json --baseline d2.json --update-baseline', 2, ('USAGE', 'd.json is no live database'))
    put('d.txt', 'words of somebody')
    row('drift d1.db --baseline d.txt --update-baseline', 2, ('PROTECTED', 'd.txt'))
    with open(os.path.join(FOLDER, 'd.txt')) as f:
        check(f.read() == 'words of somebody', 'a baseline that is no snapshot was written over')
    row('drift gone.db --baseline d.json', 5, 'NO_SUCH_FILE')


def settings():
    """What snap.yml must not say."""
    database('s.db', 'create table t(a int);')
    for text, status, *has in (
            ('environments:\n  "": {url: "sqlite:s.db"}\n', 2, 'CONFIG_KEY', 'line 2', 'without a name'),
            ('scratch: {sqlite: x.db}\n', 2, 'BAD_VALUE', 'line 1', 'scratch of SQLite is :memory:'),
            ('environments:\n  e: {url: "sqlite:s.db", password_env: SECRET}\n', 2, 'CONFIG_KEY',
             'is read without a password')):
        put('s.yml', text)
        row('-c s.yml diff e empty' if 'e: {' in text else '-c s.yml diff s.db empty', status, has,
            env={'SECRET': 'canary'})
    put('s.yml', 'environments:\n  e: {url: "sqlite:s.db"}\n')
    row('-c s.yml diff s.db empty -o s.db', 2, 'PROTECTED')
    row('-c s.yml snapshot o0.db -o s.db', 2, ('PROTECTED', 'the environment e'))
    put('s.yml', '')
    row('-c s.yml diff s.db s.db', 2, 'SAME_SOURCE')
    os.chmod(os.path.join(FOLDER, put('s.yml', 'defaults: {color: never}\nversion: 1\n')), 0o644)
    row('-c s.yml diff s.db empty', 1, lacks='\x1b[')


def rules():
    """snap check: exit statuses, environments, formats, and what is refused."""
    database('c0.db', 'create table t(a int, b int); create index x on t(a);')
    database('c1.db', 'create table t(a int); create index x on t(a); create index y on t(a); create table u(a);')
    head = 'environments: {prod: {url: "sqlite:c0.db"}, dev: {url: "sqlite:c1.db"}}\ncheck:\n'
    put('c.yml', head + '  names: { index: "idx_{table}_{columns}" }\n  forbid: { prod: [destructive] }\n')
    put('w.yml', head + '  rules: [{id: k, rule: primary-key, severity: warning, reason: "for merges"}]\n')
    row('-c c.yml check c0.db', 1, ('error: name-index: index t.x', 'expected: idx_t_a', 'in c0.db; the rule: c.yml:3',
                                    'nothing to judge for forbid-prod'))
    row('-c c.yml check prod dev', 1, ('index t.y', 'column t.b is in step', 'which is DATA_LOSS', ', for prod'), 't.x')
    row('-c c.yml check c0.db dev', 1, 'index t.y', 'DATA_LOSS')
    row('-c c.yml check c0.db dev --env prod', 1, 'DATA_LOSS')
    row('-c c.yml check --url c0.db --reference-url dev --env prod', 1, 'DATA_LOSS')
    row('-c c.yml check prod c0.db', 2, 'SAME_SOURCE')
    row('-c c.yml check prod empty -q', 1, lacks='error')
    row('-c w.yml check dev', 0, ('warning: k: table t', 'why: for merges', '0 errors, 2 warnings'))
    row('-c w.yml check prod dev', 0, ('table t', 'table u'))
    row('-c w.yml check prod dev --exclude table:u', 0, 'table t', 'table u')
    check(json.loads(row('-c w.yml check dev -f json', 0))['warnings'] == 2, 'check -f json')
    row('-c w.yml check dev -o c.md', 0, lacks='table')
    check('| warning | k |' in open(os.path.join(FOLDER, 'c.md')).read(), 'check -o c.md')
    given = json.loads(row('-c c.yml check prod dev --opa-input', 0))
    check('CREATE INDEX y ON t(a);' in given['sqlStatements'], 'check --opa-input')
    check(given['snap']['environment'] == 'prod', 'check --opa-input: environment')
    row('-c c.yml check c0.db --opa-input', 2, ('--opa-input is about a change', 'snap check FROM TO'))
    row('-c c.yml check c0.db --env prod', 2, '--env is about a change')
    row('-c c.yml check prod dev --env pord', 2, ('UNKNOWN_ENV', 'pord'))
    row('-c c.yml check prod dev -f yaml', 2, ('UNKNOWN_FORMAT', 'text, json, markdown'))
    row('-c c.yml check prod dev -o c0.db', 2, 'PROTECTED')
    row('-c c.yml check', 2, 'USAGE')
    put('n.yml', 'environments: {prod: {url: "sqlite:c0.db"}}\n')
    row('-c n.yml check prod', 2, ('NO_RULES', 'docs/check.md'))
    row('-c n.yml check prod dev.db', 2, 'NO_RULES')
    row('-c n.yml check prod c1.db --opa-input', 0, 'sqlStatements')
    database('c2.db', 'create table t(a int, b int); create index idx_t_a on t(a); create index z on t(b);')
    database('c3.db', 'create table s(c int, b int); create index idx_t_a on s(c); create index z on s(b);')
    text = row('-c c.yml check c2.db c3.db --rename t=s --rename s.a=c', 1, 'expected: idx_s_c')
    check('index s.z' not in text and '1 error' in text, 'a rename is no news of what lies below it\n' + text)
    row('-c n.yml check prod', 2, 'NO_RULES')
    for text, words in (('rulez: []', 'did you mean rules?'), ('forbid: {prd: [breaking]}', 'did you mean prod?'),
                        ('names: {index: "("}', 'c.yml line 3: rule name-index: ( is no regular expression'),
                        ('rules: [{id: a, rule: nmae}]', 'did you mean name?')):
        put('c.yml', head + '  %s\n' % text)
        row('-c c.yml check prod', 2, words)


def terminal(args, rows, env):
    """A run on a terminal of so many rows; (exit status, all that it says)."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack('HHHH', rows, 100, 0, 0))
    with subprocess.Popen([SNAP, *args.split(' ')], cwd=FOLDER, stdin=side, stdout=side, stderr=side,
                          env={**CLEAN, 'TERM': 'vt100', **env}) as p:
        os.close(side)
        said = b''
        try:
            while chunk := os.read(main, 65536):
                said += chunk
        except OSError:  # the terminal has no writer any more
            pass
        os.close(main)
    return p.returncode, said.decode('utf8', 'replace')


def pager():
    COUNT['tests'] += 1
    database('t0.db', 'create table t(a int);')
    database('t1.db', ''.join('create table t%d(a int);' % i for i in range(30)))
    put('page', '#!/bin/sh\necho "pager $1 of $LESS"; exec cat\n')
    os.chmod(os.path.join(FOLDER, 'page'), 0o755)
    for rows, env, args, paged in ((10, {'PAGER': './page  two'}, '', True),
                                   (200, {'PAGER': './page two'}, '', False),
                                   (10, {'PAGER': './page two'}, ' --no-pager', False),
                                   (10, {'PAGER': './page two', 'TERM': 'dumb'}, '', False),
                                   (10, {'PAGER': './no-such-pager'}, '', False),
                                   (10, {'PAGER': 'true'}, '', None)):
        code, said = terminal('diff t0.db t1.db' + args, rows, env)
        where = 'on a terminal of %d rows, %s%s: %d %s' % (rows, env, args, code, said[:300])
        check(code == 1, where)
        check(('pager two of FRX' in said) == bool(paged), where)
        check(('table  t29' in re.sub(r' +', '  ', said)) == (paged is not None), where)
        check('\x1b[' in said or paged is None or env.get('TERM') == 'dumb', 'no colours ' + where)


def main():
    try:
        for test in (renames, urls, flags_that_mean_no, values, options_of_other_commands, verify, sources,
                     help_topics, hazards_stand_where_they_belong, generated_columns, proof_and_summary,
                     scripts_say_what_they_do, explain, values_of_options, drift_words, settings,
                     rules, pager):
            test()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('usage: %d tests, %d checks, %d failed' % (COUNT['tests'], COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
