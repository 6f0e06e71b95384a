#!/usr/bin/env python3
"""The three ways out of a drift that --resolve writes, on SQLite, each held against databases that were made without
snap; and snap ignore. usage: resolve.py SNAP"""
import os
import shutil
import subprocess
import sys

from folder import Folder, clean

SNAP = os.path.abspath(sys.argv[1])
CLEAN = clean()
PLACE = Folder('resolve')
FOLDER, check, put, text, database = PLACE.path, PLACE.check, PLACE.put, PLACE.text, PLACE.database
NIGHT = [0]


def snap(*args, night=False):
    NIGHT[0] += night
    env = dict(CLEAN, SOURCE_DATE_EPOCH=str(1793577600 + NIGHT[0] * 86400))
    return subprocess.run([SNAP, *args], cwd=FOLDER, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)


CONFIG = 'environments: {prod: {url: "sqlite:live.db"}}\ndrift: {prod: {baseline: base.json}}\n'
AGREED = 'CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT);CREATE TABLE b (x INT);CREATE VIEW w AS SELECT 1 AS a;'
PENDING = 'CREATE TABLE pend (z INT);'
# what somebody did to live by hand
MOVED = ('CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT, extra TEXT DEFAULT \'x\');CREATE INDEX a_note ON a (note);'
         'CREATE TABLE c (q INT UNIQUE);CREATE VIEW w AS SELECT 2 AS a;')
PASSED = 'CREATE TABLE _a_gho (id INT);'


def exits():
    put('snap.yml', CONFIG + 'presets: gh-ost\n')
    database('live.db', AGREED)
    database('wanted.db', AGREED)
    snap('snapshot', 'wanted.db', '-o', 'base.json')
    check(snap('drift', 'prod', night=True).returncode == 0, 'the first night is quiet')
    database('wanted.db', AGREED + PENDING)
    snap('snapshot', 'wanted.db', '-o', 'base.json')
    database('live.db', MOVED + PASSED)
    r = snap('drift', 'prod', '--resolve', 'out', night=True)
    check(r.returncode == 1 and not r.stderr, 'resolve: exit %d: %s' % (r.returncode, r.stderr))
    check(sorted(os.listdir(os.path.join(FOLDER, 'out'))) == ['ignore.yml', 'incorporate.yaml', 'revert.yaml'],
          'three files')
    # live back to what was agreed on: the ghost table stays, what is pending does not come
    database('reverted.db', AGREED + PASSED)
    r = snap('verify', 'out/revert.yaml', '--from', 'live.db', '--to', 'reverted.db')
    check(r.returncode == 0, 'revert: %s%s' % (r.stdout, r.stderr))
    # the baseline takes what was done to live, and keeps what is pending
    database('joined.db', MOVED + PENDING)
    r = snap('verify', 'out/incorporate.yaml', '--from', 'wanted.db', '--to', 'joined.db')
    check(r.returncode == 0, 'incorporate: %s%s' % (r.stdout, r.stderr))
    # with the rules nothing is left
    put('snap.yml', CONFIG + 'presets: gh-ost\n' + text('out/ignore.yml'))
    check('pend' not in text('out/ignore.yml') and '_gho' not in text('out/ignore.yml'), 'rules are for drift alone')
    check('expires: 2026-12-04' in text('out/ignore.yml'), 'rules end: %s' % text('out/ignore.yml'))
    r = snap('drift', 'prod', night=True)
    check(r.returncode == 0 and not r.stdout, 'ignore: %d %s%s' % (r.returncode, r.stdout, r.stderr))
    r = snap('drift', 'prod', '--resolve', 'out', night=True)
    check(r.returncode == 0, 'nothing to resolve: %s' % r.stderr)
    check(text('out/revert.yaml').strip() == 'databaseChangeLog: []' and 'ignore: []' in text('out/ignore.yml'),
          'nothing to resolve is three empty files: %s' % text('out/revert.yaml'))
    database('live.db', MOVED + PASSED + 'CREATE INDEX a2 ON a (id, note);')
    check(snap('drift', 'prod', night=True).returncode == 1, 'new drift is drift')


def hostile():
    """Names that glob, quote and comment are named by rules of their own."""
    names = ['star*', 'wh?t', 'do.t', 'sl/ash', "quo'te", 'dou"ble', '${x}', 'new\nline', '--', 'til~de', 'co:lon',
             ' blank ', '#1', 'a b', '\x1b[31m', '</script>', '{{x}}', 'true', '&anchor', '%s%n', '\\', 'ü']
    put('snap.yml', CONFIG)
    shutil.rmtree(os.path.join(FOLDER, '.snap'))
    database('live.db', AGREED)
    database('wanted.db', AGREED)
    snap('snapshot', 'wanted.db', '-o', 'base.json')
    snap('drift', 'prod', night=True)
    database('live.db', AGREED + ''.join('CREATE TABLE "%s" (x INT);' % n.replace('"', '""') for n in names))
    r = snap('drift', 'prod', '--resolve', 'out', night=True)
    check(r.returncode == 1, 'hostile: exit %d: %s' % (r.returncode, r.stderr))
    check(text('out/ignore.yml').count('- match:') == len(names), 'hostile: one rule each')
    put('snap.yml', CONFIG + text('out/ignore.yml'))
    r = snap('drift', 'prod', night=True)
    check(r.returncode == 0, 'hostile: let pass: %d %s%s' % (r.returncode, r.stdout, r.stderr))
    database('live.db', AGREED)
    r = snap('verify', 'out/incorporate.yaml', '--from', 'live.db')
    check(r.returncode == 0, 'hostile: incorporate %s%s' % (r.stdout, r.stderr))


def refused():
    """Sides that hold parts of objects are no ground for a changelog; nor is a run of several."""
    put('snap.yml', CONFIG)
    database('live.db', MOVED)
    r = snap('drift', 'prod', '--exclude', 'index:*', '--resolve', 'out', night=True)
    snap('snapshot', 'wanted.db', '-o', 'base.json', '--exclude', 'column:a.note')
    r = snap('drift', 'prod', '--resolve', 'out', night=True)
    check(r.returncode == 3 and 'SCOPE_PARTIAL' in r.stderr, 'partial: %d %s' % (r.returncode, r.stderr))
    r = snap('drift', 'prod', 'live.db', '--baseline', 'base.json', '--resolve', 'out', night=True)
    check(r.returncode == 2, 'several: %d' % r.returncode)


def ignore():
    put('snap.yml', CONFIG + 'ignore:\n- {match: "table:a*", reason: made by reports, owner: bi, facets: structure}\n'
                             '- {match: "column:*.extra", reason: x, env: prod, expires: 2020-01-01}\n'
                             '- {match: "column:a.extra", reason: y}\n- {match: "table:a", reason: late}\n')
    database('live.db', MOVED)
    r = snap('ignore', 'list')
    check(r.returncode == 0 and 'EXPIRED' in r.stdout and r.stdout.count('\n') == 4, 'list: %s' % r.stdout)
    for words in ['column:a.extra', 'column a.extra', 'extra', 'table:a/column:extra']:
        r = snap('ignore', 'explain', words)
        check(r.returncode == 0, 'explain %s: %s' % (words, r.stderr))
        lines = r.stdout.split('\n')
        check(lines[0] == 'column a.extra in prod', 'explain: %s' % lines[0])
        check('lets it pass, only in structure: made by reports (bi)' in lines[1], 'explain: %s' % lines[1])
        check('has expired: 2020-01-01 was its last day' in lines[2], 'explain: %s' % lines[2])
        check('lets it pass: y' in lines[3], 'explain: %s' % lines[3])
        check('is not asked: line 6 comes first' in lines[4], 'explain: %s' % lines[4])
    r = snap('ignore', 'explain', 'nothing')
    check(r.returncode == 3 and 'PATTERN_UNKNOWN' in r.stderr, 'explain nothing: %s' % r.stderr)
    r = snap('ignore', 'explain', 'a', '--env', 'dev')
    check(r.returncode == 2 and 'UNKNOWN_ENV' in r.stderr, 'explain --env: %s' % r.stderr)
    r = snap('ignore', 'forget')
    check(r.returncode == 2, 'ignore forget: %d' % r.returncode)


def words():
    """Rules of snap.yml that are none."""
    for rule, code, says in [('{match: "table:a"}', 'CONFIG_SYNTAX', 'a rule says why'),
                             ('{reason: x}', 'CONFIG_SYNTAX', 'a rule says what it is for'),
                             ('{match: a, reason: x}', 'CONFIG_SYNTAX', 'KIND:GLOB'),
                             ('{match: "tabel:a", reason: x}', 'BAD_VALUE', 'did you mean table?'),
                             ('{match: "table:a", reason: x, expires: 2026-02-29}', 'BAD_VALUE', 'is no day'),
                             ('{match: "table:a", reason: x, expires: soon}', 'BAD_VALUE', 'is no day'),
                             ('{match: "table:a", reason: x, most: 0}', 'CONFIG_SYNTAX', 'above 0'),
                             ('{match: "table:a", reason: x, facets: acls}', 'BAD_VALUE', 'did you mean acl?'),
                             ('{match: "table:a", reason: x, op: gone}', 'BAD_VALUE', 'unknown op'),
                             ('{match: "table:a", reason: x, env: dev}', 'CONFIG_KEY', 'unknown environment dev'),
                             ('{match: "table:a", reason: x, until: 1}', 'CONFIG_KEY', 'unknown key until')]:
        put('snap.yml', CONFIG + 'ignore:\n- ' + rule + '\n')
        r = snap('ignore', 'list')
        check(r.returncode in (2, 3) and code in r.stderr and says in r.stderr and 'line 4' in r.stderr,
              '%s: %s' % (rule, r.stderr))
    for line, code in [('presets: ghost', 'BAD_VALUE'), ('drift: {prod: {fail_on: x}}', 'BAD_VALUE'),
                       ('drift: {prod: {severity: {acl: bad}}}', 'BAD_VALUE'),
                       ('drift: {prod: {severity: {x: note}}}', 'CONFIG_KEY'), ('ignore: {}', 'CONFIG_SYNTAX')]:
        put('snap.yml', 'environments: {prod: {url: "sqlite:live.db"}}\n' + line + '\n')
        r = snap('ignore', 'list')
        check(r.returncode == 2 and code in r.stderr and 'line 2' in r.stderr, '%s: %s' % (line, r.stderr))


def changelogs():
    """An applied changelog as the baseline: what its changeSets make of nothing."""
    shutil.rmtree(os.path.join(FOLDER, '.snap'))
    os.makedirs(os.path.join(FOLDER, 'db', 'changes'))
    put('snap.yml', CONFIG.replace('base.json', '"changelog:db/master.yaml"'))
    put('db/master.yaml', 'databaseChangeLog:\n- includeAll: {path: changes/, relativeToChangelogFile: true}\n')
    database('live.db', AGREED)
    database('wanted.db', AGREED + PENDING)
    snap('changelog', 'empty', 'live.db', '-o', 'db/changes/1.yaml')
    r = snap('drift', 'prod', night=True)
    check(r.returncode == 0 and not r.stdout, 'changelog: same: %d %s%s' % (r.returncode, r.stdout, r.stderr))
    snap('changelog', 'live.db', 'wanted.db', '-o', 'db/changes/2.yaml')
    r = snap('drift', 'prod', '-v', night=True)
    check(r.returncode == 0 and 'pending' in r.stderr, 'changelog: pending: %d %s' % (r.returncode, r.stderr))
    database('live.db', AGREED + PENDING + PASSED)
    r = snap('drift', 'prod', '--resolve', 'out', night=True)
    check(r.returncode == 1 and '_a_gho' in r.stdout, 'changelog: drift: %d %s' % (r.returncode, r.stderr))
    # what --resolve writes for the team's master, put there, makes the two equal
    shutil.copy(os.path.join(FOLDER, 'out', 'incorporate.yaml'), os.path.join(FOLDER, 'db', 'changes', '3.yaml'))
    r = snap('drift', 'prod', night=True)
    check(r.returncode == 0, 'changelog: incorporated: %d %s%s' % (r.returncode, r.stdout, r.stderr))
    for change, code in [('{loadData: {tableName: a}}', 'CHANGELOG_FOREIGN'), ('{sql: {sql: x', 'CHANGELOG_SYNTAX')]:
        put('db/changes/4.yaml', 'databaseChangeLog:\n- changeSet: {id: 4, author: a, changes: [%s]}\n' % change)
        r = snap('drift', 'prod', night=True)
        check(r.returncode == 3 and code in r.stderr, 'changelog: %s: %d %s' % (change, r.returncode, r.stderr))
    put('db/changes/4.yaml', 'databaseChangeLog:\n- changeSet: {id: 4, author: a, context: test, changes: []}\n')
    r = snap('drift', 'prod', night=True)
    check(r.returncode == 3 and 'contexts test' in r.stderr, 'changelog: contexts: %d %s' % (r.returncode, r.stderr))
    r = snap('drift', 'prod', '--baseline', 'changelog:none.yaml', night=True)
    check(r.returncode == 5, 'changelog: no file: %d' % r.returncode)


try:
    exits()
    changelogs()
    hostile()
    refused()
    ignore()
    words()
finally:
    PLACE.remove()
sys.exit(PLACE.end())
