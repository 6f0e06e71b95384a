#!/usr/bin/env python3
"""Evidences of proven changelogs: they hold to their schema, come out the same each time, and what is not as they
say is refused by name; snap verify --with liquibase.

usage: evidence.py SNAP [--schema PYTHON] [--liquibase PROGRAM] [--servers] [--engine NAME,...]
--schema PYTHON: an interpreter with jsonschema, which is not snap's, judges each evidence (a venv in build/ is
made where none is given). --liquibase: the real one, as tests/liquibase/setup.sh BUILD cli makes it. SQLite and
the servers of the surrounding run, or those that are named; --servers: not SQLite.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'liquibase'))
import tools  # noqa: E402
from folder import Folder  # noqa: E402
from moments import ended  # noqa: E402

PLACE = Folder('evidence')
FOLDER, check, write, read, database = PLACE.path, PLACE.check, PLACE.put, PLACE.text, PLACE.database
EVIDENCES = []
SNAP = ''
FROM = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE TABLE u (x INT);"
TO = ("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'q', c INT); CREATE INDEX i ON t (c);"
      "CREATE VIEW v AS SELECT a FROM t;")


def snap(*args, status=0, says='', cwd=FOLDER):
    r = subprocess.run([SNAP, *args], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=600)
    said = (r.stdout + r.stderr).decode('utf8', 'replace')
    check(r.returncode == status and says in said,
          'snap %s: exit %d, wanted %d, <%s>\n%s' % (' '.join(args), r.returncode, status, says, said[:600]))
    return said


class Schema:
    """The schema, by a validator that is not ours, in a process of its own."""

    def __init__(self, python):
        if not python:
            venv = os.path.join(ROOT, 'build', 'venv-evidence')
            python = os.path.join(venv, 'bin', 'python')
            if not os.path.exists(os.path.join(venv, 'done')):
                subprocess.run([sys.executable, '-m', 'venv', venv], check=True)
                subprocess.run([python, '-m', 'pip', '-q', 'install', 'jsonschema==4.23.0'], check=True)
                open(os.path.join(venv, 'done'), 'w').close()
        self.python = python

    def bad(self, name):
        """'' or what is wrong."""
        code = ('import json, sys, jsonschema\n'
                's = json.load(open(sys.argv[1])); jsonschema.Draft202012Validator.check_schema(s)\n'
                'e = sorted(jsonschema.Draft202012Validator(s).iter_errors(json.load(open(sys.argv[2]))), key=str)\n'
                'print(e[0].message if e else "fits")')
        r = subprocess.run([self.python, '-c', code, os.path.join(ROOT, 'docs', 'evidence.schema.json'),
                            os.path.join(FOLDER, name)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = r.stdout.decode('utf8', 'replace').strip()
        return '' if said == 'fits' else said or 'the validator failed'

    def holds(self, name):
        EVIDENCES.append(name)
        check(not self.bad(name), '%s does not hold to its schema: %s' % (name, self.bad(name)))


def simple(schema):
    """One pair on SQLite: the same bytes, from other folders too, and both commands."""
    database('a.db', FROM)
    database('b.db', TO)
    snap('changelog', 'a.db', 'b.db', '-o', 'd.yaml', '--evidence', 'd.json')
    schema.holds('d.json')
    first = read('d.json')
    snap('changelog', os.path.join(FOLDER, 'a.db'), os.path.join(FOLDER, 'b.db'), '-o', os.path.join(FOLDER, 'd.yaml'),
         '--evidence', os.path.join(FOLDER, 'd.json'), cwd='/')
    check(read('d.json') == first, 'another folder, another evidence')
    check(FOLDER not in first, 'the evidence names a folder of this machine')
    ev = json.loads(first)
    sha = subprocess.run(['sha256sum', os.path.join(FOLDER, 'd.yaml')], stdout=subprocess.PIPE).stdout.split()[0].decode()
    check(ev['subject'] == [{'name': 'd.yaml', 'digest': {'sha256': sha}}], 'the subject is not the changelog')
    steps = ev['predicate']['steps']
    check(len(steps) == read('d.yaml').count('changeSet:'), 'not one step a changeSet')
    check(all(a['after'] == b['before'] for a, b in zip(steps, steps[1:])), 'steps that do not follow each other')
    check(all(s['rollback'].get('reached') == s['before'] for s in steps), 'a rollback that leads elsewhere')
    snap('verify', 'd.yaml', '--from', 'a.db', '--to', 'b.db', '--evidence-check', 'd.json', '--evidence', 'v.json',
         says='as d.json says')
    schema.holds('v.json')
    snap('verify', 'd.yaml', '--from', 'a.db', '--evidence-check', 'v.json')
    for options in (['-f', 'sql', '-o', 'd.sql', '--rollback-output', 'back.sql'], ['-f', 'liquibase-json', '-o', 'd.j.json'],
                    ['-f', 'liquibase-xml', '-o', 'd.xml'], ['-o', 'tagged.yaml', '--tag', 'v1'], ['--style', 'sql']):
        snap('changelog', 'a.db', 'b.db', *options, '--evidence', 'x.json')
        schema.holds('x.json')
    snap('changelog', 'a.db', 'b.db', '-f', 'sql', '-o', 'd.sql', '--rollback-output', 'back.sql', '--evidence', 's.json')
    snap('verify', 'd.sql', '--rollback', 'back.sql', '--from', 'a.db', '--to', 'b.db', '--evidence-check', 's.json')
    snap('verify', 'd.sql', '--rollback', 'back.sql', '--from', 'a.db', '--to', 'b.db', '--evidence', 's2.json')
    write('other.sql', read('back.sql') + '-- and more\n')
    for evidence in ('s.json', 's2.json'):
        snap('verify', 'd.sql', '--rollback', 'other.sql', '--from', 'a.db', '--to', 'b.db', '--evidence-check', evidence,
             status=4, says='the script of the rollback is another')
    snap('changelog', 'a.db', 'a.db', '-o', 'none.yaml', '--evidence', 'none.json', status=2)
    shutil.copy(os.path.join(FOLDER, 'a.db'), os.path.join(FOLDER, 'a2.db'))
    snap('changelog', 'a.db', 'a2.db', '-o', 'none.yaml', '--evidence', 'none.json')
    schema.holds('none.json')


def wrong(schema):
    """What is refused, and by which name."""
    verify = ('verify', 'd.yaml', '--from', 'a.db', '--to', 'b.db')
    text, ev = read('d.yaml'), read('d.json')
    write('touched.yaml', text + '# a comment\n')
    snap('verify', 'touched.yaml', *verify[2:], '--evidence-check', 'd.json', status=4, says='no statement differs')
    database('c.db', FROM + 'CREATE TABLE more (x);')
    snap('verify', 'd.yaml', '--from', 'c.db', '--evidence-check', 'd.json', status=4, says='the state before is another')
    snap(*verify, '--facets', 'structure', '--evidence-check', 'd.json', status=4, says='other facets')
    steps = json.loads(ev)['predicate']['steps']
    other = '0' * 32
    write('lied.json', ev.replace('"after":"%s"' % steps[0]['after'], '"after":"%s"' % other, 1))
    snap(*verify, '--evidence-check', 'lied.json', status=4, says='changeSet %s: the state after it' % steps[0]['id'])
    write('broken.json', ev[:len(ev) // 2])
    snap(*verify, '--evidence-check', 'broken.json', status=3, says='EVIDENCE_SYNTAX')
    write('other.json', ev.replace('schema-proof:v1', 'schema-proof:v2'))
    snap(*verify, '--evidence-check', 'other.json', status=3, says='EVIDENCE_SYNTAX')
    check(schema.bad('other.json') != '', 'the schema takes another predicate')
    snap(*verify, '--evidence-check', 'nowhere.json', status=5, says='NO_SUCH_FILE')
    snap(*verify, '--evidence', '/dev/full', status=3, says='WRITE_FAILED')
    snap(*verify, '--evidence', 'd.yaml', status=2, says='PROTECTED')
    snap(*verify, '--evidence', 'a.db', status=2, says='PROTECTED')
    check(read('d.yaml') == text, 'the changelog was written over')
    os.unlink(os.path.join(FOLDER, 'd.yaml'))
    make = ('changelog', 'a.db', 'b.db', '-o', 'd.yaml', '--evidence')
    snap(*make, '/dev/full', status=3, says='WRITE_FAILED')
    check(not os.path.exists(os.path.join(FOLDER, 'd.yaml')), 'a changelog without the evidence that was asked for')
    snap(*make, 'nowhere/x.json', status=3, says='WRITE_FAILED')
    check(not os.path.exists(os.path.join(FOLDER, 'd.yaml')), 'a changelog without the evidence that was asked for')
    snap(*make, 'd.yaml', status=2, says='written twice')
    snap(*make, 'x.json', '--no-verify', status=2, says='--no-verify')
    snap(*make, 'd.json')
    left = [n for n in os.listdir(FOLDER) if 'tmp' in n or n.startswith('.')]
    check(not left, 'files left behind: %s' % left)


def servers(schema, chosen):
    """Scripts as both sides: a private server proves it, twice the same."""
    postgresql = ('CREATE TABLE t (a int PRIMARY KEY, b text);',
                  'CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL, c bigint); CREATE INDEX i ON t (c);')
    mysql = ('CREATE TABLE t (a int PRIMARY KEY, b varchar(9));',
             'CREATE TABLE t (a int PRIMARY KEY, b varchar(20), c bigint, KEY i (c));')
    for name, url in chosen:
        if name == 'sqlite':
            continue
        engine, (old, new) = ('postgresql', postgresql) if name == 'postgresql' else ('mysql', mysql)
        write('snap.yml', 'version: 1\nscratch:\n  %s: %s\n' % (engine, url))
        write('old.sql', old)
        write('new.sql', new)
        sides = ('%s:old.sql' % engine, '%s:new.sql' % engine)
        seen = []
        for _ in range(2):
            snap('changelog', *sides, '-o', name + '.yaml', '--evidence', name + '.json')
            seen.append(read(name + '.json'))
        check(seen[0] == seen[1], name + ': two evidences of one proof differ')
        schema.holds(name + '.json')
        snap('verify', name + '.yaml', '--from', sides[0], '--to', sides[1], '--evidence-check', name + '.json')
        if LIQUIBASE:
            snap('verify', name + '.yaml', '--from', sides[0], '--to', sides[1], '--with', 'liquibase', '--liquibase',
                 LIQUIBASE, says='undone one by one')
    if os.path.exists(os.path.join(FOLDER, 'snap.yml')):
        os.unlink(os.path.join(FOLDER, 'snap.yml'))


LOG = '''databaseChangeLog:
- changeSet:
    id: one
    author: a
    changes:
    - createTable: {tableName: w, columns: [{column: {name: y, type: int}}]}
    rollback:
    - %s
'''


def with_liquibase():
    """The real one: a good changelog, change types of others, a rollback that leads elsewhere."""
    database('l.db', 'CREATE TABLE u (x INTEGER)')
    database('m.db', 'CREATE TABLE u (x INTEGER, y INTEGER); CREATE INDEX i ON u (y);')
    ways = ('--from', 'l.db', '--with', 'liquibase', '--liquibase', LIQUIBASE)
    snap('changelog', 'l.db', 'm.db', '-o', 'l.yaml')
    snap('verify', 'l.yaml', '--to', 'm.db', *ways, says='liquibase: 2 changeSets run, 2 undone one by one')
    write('typed.yaml', LOG % 'dropTable: {tableName: w}')
    snap('verify', 'typed.yaml', '--from', 'l.db', status=3, says='CHANGELOG_FOREIGN')
    snap('verify', 'typed.yaml', *ways, says='not replayed by snap itself')
    write('typed.yaml', LOG % 'empty: {}')
    snap('verify', 'typed.yaml', *ways, status=4, says='undoing changeSet one')
    snap('verify', 'l.yaml', '--from', 'l.db', '--with', 'liquibase', '--liquibase', './nothing', status=3,
         says='cannot be started')
    snap('verify', 'l.yaml', '--from', 'l.db', '--with', 'flyway', status=2, says='BAD_VALUE')


def stubborn():
    """A program that does not end by itself is ended, with what it has started, and leaves nothing behind."""
    database('s1.db', 'CREATE TABLE u (x INTEGER)')
    database('s2.db', 'CREATE TABLE u (x INTEGER, y INTEGER)')
    snap('changelog', 's1.db', 's2.db', '-o', 'stubborn.yaml')
    temporary = os.path.join(FOLDER, 'temporary')
    os.mkdir(temporary)
    write('stubborn', "#!/bin/sh\ntrap '' TERM\nsleep 300 &\necho $! > %s/child\necho $$ > %s/parent\nwhile :; do sleep 1; done\n"
          % (FOLDER, FOLDER))
    os.chmod(os.path.join(FOLDER, 'stubborn'), 0o755)
    was = os.environ.get('TMPDIR')
    os.environ['TMPDIR'] = temporary
    snap('verify', 'stubborn.yaml', '--from', 's1.db', '--with', 'liquibase', '--liquibase', './stubborn', '--timeout', '8s',
         status=6, says='took too long')
    os.environ.pop('TMPDIR') if was is None else os.environ.update(TMPDIR=was)
    check(os.listdir(temporary) == [], 'left behind: %s' % os.listdir(temporary))
    for name in ('child', 'parent'):
        check(not ended([int(read(name))]), 'the %s of the program still runs' % name)


def main():
    global SNAP, LIQUIBASE
    parser = argparse.ArgumentParser()
    parser.add_argument('snap')
    parser.add_argument('--schema')
    parser.add_argument('--liquibase')
    parser.add_argument('--servers', action='store_true')
    words = sys.argv[1:]
    try:
        chosen = tools.engines(words, alone='--servers' not in words)
        args = parser.parse_args(words)
        SNAP = os.path.abspath(args.snap)
        LIQUIBASE = args.liquibase and os.path.abspath(args.liquibase)
        schema = Schema(args.schema)
        servers(schema, chosen)
        if not args.servers and chosen[0][0] == 'sqlite':
            simple(schema)
            wrong(schema)
            stubborn()
            if LIQUIBASE:
                with_liquibase()
    finally:
        PLACE.remove()
    return PLACE.end('%d evidences, ' % len(EVIDENCES)) or not EVIDENCES


LIQUIBASE = None
if __name__ == '__main__':
    sys.exit(main())
