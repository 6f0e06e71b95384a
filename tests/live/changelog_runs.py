"""Runs changelogs in JSON by statements, without snap and without Liquibase, and says what came of it: the
observer of altered.py. A pair of schemas is one of golden's, made in databases of its own.

pairs(engine, golden, folder, only) gives the pairs, each a context manager with .old and .new (for
snap), .options, .observe(changelog) -> Run, .same(run, run), .can_run(changelog).
"""
import contextlib
import json
import os
import re
import sqlite3

import observer

PARAMETER = '${${snap.d}}${${snap.d}}snap.d}}'


class Run:
    """States after each changeSet, and after each was undone, the last first."""

    def __init__(self):
        self.ahead, self.back, self.failed, self.whole = [], [], '', False


def quote(name):
    return '"%s"' % name.replace('"', '""')


def typed(kind, b):
    """The statement of a change type, as Liquibase's manual describes it."""
    if kind == 'createIndex':
        columns = ', '.join(quote(c['column']['name']) + (' DESC' if c['column'].get('descending') else '')
                            for c in b['columns'])
        return 'CREATE %sINDEX %s ON %s (%s)' % ('UNIQUE ' if b.get('unique') else '', quote(b['indexName']),
                                                 quote(b['tableName']), columns)
    return {'dropTable': lambda: 'DROP TABLE ' + quote(b['tableName']),
            'dropView': lambda: 'DROP VIEW ' + quote(b['viewName']),
            'dropIndex': lambda: 'DROP INDEX ' + quote(b['indexName']),
            'createView': lambda: 'CREATE VIEW %s AS %s' % (quote(b['viewName']), b['selectQuery']),
            'renameTable': lambda: 'ALTER TABLE %s RENAME TO %s' % (quote(b['oldTableName']), quote(b['newTableName'])),
            'renameColumn': lambda: 'ALTER TABLE %s RENAME COLUMN %s TO %s' % (
                quote(b['tableName']), quote(b['oldColumnName']), quote(b['newColumnName'])),
            'tagDatabase': lambda: '', 'empty': lambda: ''}[kind]()


def texts(changes):
    """Statements of a list of changes."""
    if not isinstance(changes, list):
        return []
    out = []
    for change in changes:
        (kind, body), = change.items()
        out.append(body['sql'] if kind == 'sql' else typed(kind, body))
    return [t.replace(PARAMETER, '${') for t in out if t]


def walk(log, begin, execute, state):
    """All changeSets ahead and then back. execute(list of statements, in a transaction) raises on error."""
    run = Run()
    run.ahead.append(state())
    begin()
    try:
        for item in log:
            step = item['changeSet']
            execute(texts(step['changes']), step.get('runInTransaction', True))
            run.ahead.append(state())
        for item in reversed(log):
            step = item['changeSet']
            if 'rollback' not in step:
                raise ValueError('no rollback')
            execute(texts(step['rollback']), step.get('runInTransaction', True))
            run.back.append(state())
    except Exception as e:  # what the engine says of a bad statement is of many classes
        run.failed = '%d %d %s' % (len(run.ahead), len(run.back), e)
    run.whole = not run.failed
    return run


def does_and_undoes(run):
    """Whether each rollback led to the state before its changeSet."""
    return run.whole and all(b[0] == a[0] for b, a in zip(run.back, reversed(run.ahead[:-1])))


def same_run(wanted, run):
    """Whether a changelog does and undoes what the other does: schema and rows at both ends."""
    return (run.whole and does_and_undoes(run) and run.ahead[-1] == wanted.ahead[-1] and
            (not run.back or not wanted.back or run.back[-1] == wanted.back[-1]))


def timeless(rows):
    """Rows without the times at which they were written."""
    return re.sub(r'\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?|\b\d\d:\d\d:\d\d', 'NOW',
                  repr(sorted((t, n, sorted(columns.items())) for t, (n, columns) in rows.items())))


class Sqlite:
    def __init__(self, case, folder, name, old_sql, new_sql, options):
        self.name, self.options = name, options
        self.old, self.new, self.work = (os.path.join(folder, n) for n in ('old.db', 'new.db', 'work.db'))
        self.old_sql, self.new_sql = old_sql, new_sql

    def __enter__(self):
        for path, sql in ((self.old, self.old_sql), (self.new, self.new_sql)):
            self.make(path, sql)
        return self

    def __exit__(self, *_):
        for path in (self.old, self.new, self.work):
            if os.path.exists(path):
                os.unlink(path)

    @staticmethod
    def make(path, sql):
        if os.path.exists(path):
            os.unlink(path)
        con = sqlite3.connect(path, isolation_level=None)
        con.executescript(sql)
        con.close()

    def can_run(self, log):
        try:
            for item in log:
                texts(item['changeSet']['changes'])
                texts(item['changeSet'].get('rollback'))
        except KeyError:
            return False
        return True

    def once(self, log, rows):
        self.make(self.work, self.old_sql)
        if rows:
            observer.fill(self.work)
        con = sqlite3.connect(self.work, isolation_level=None)

        def execute(statements, transaction):
            try:
                if transaction:
                    con.execute('begin')
                for text in statements:
                    con.execute(text)
                if transaction:
                    con.execute('commit')
            finally:
                if con.in_transaction:
                    con.execute('rollback')

        def state():
            seen = observer.loose(observer.see(self.work))
            for key in seen:  # a renamed column's name stands in quotes: new."note", of which it makes two words
                if key[0] == 'text' and key[1] != 'table':
                    seen[key] = ''.join(seen[key])
            return seen, timeless(observer.rows(self.work)) if rows else None

        try:
            return walk(log, lambda: None, execute, state)
        finally:
            con.close()

    def observe(self, log):
        """Without rows, and with rows where they do not stop it."""
        try:
            run = self.once(log, False)
            run.with_rows = self.once(log, True)
        except sqlite3.Error:
            return None
        return run

    def same(self, wanted, run):
        if run is None:
            return False
        if not same_run(wanted, run):
            return False
        return not wanted.with_rows.whole or same_run(wanted.with_rows, run.with_rows)


def sqlite_pairs(golden, folder, only):
    out = []
    top = os.path.join(golden, 'sqlite')
    for case in sorted(c for c in os.listdir(top) if os.path.exists(os.path.join(top, c, 'case.json'))):
        def text(name):
            with open(os.path.join(top, case, name), encoding='utf8') as f:
                return f.read()
        about = json.loads(text('case.json'))
        if only not in case or 'functions' in about or 'collations' in about or 'impossible' in about:
            continue
        options = about.get('options', [])
        out.append(Sqlite(case, folder, case, text('from.sql'), text('to.sql'), options))
        if not options:
            out.append(Sqlite(case, folder, case + '/back', text('to.sql'), text('from.sql'), options))
    return out


@contextlib.contextmanager
def pairs(engine, golden, folder, only):
    yield {'sqlite': sqlite_pairs}[engine](golden, folder, only)
