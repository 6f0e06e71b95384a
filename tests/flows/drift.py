"""The nightly line of examples/crontab, run as cron runs it: an empty environment, no terminal, the home
folder as working directory.
"""
import os
import re
import sqlite3

import look
import shell
import tools

SETTINGS = '/etc/snap/snap.yml'
INSTALLED = '/usr/local/bin'


class Cron:
    """The line and the variables of a crontab; what a test must change is only where things are."""

    def __init__(self, checks, user, home, settings):
        with open(shell.SHOP + '/crontab', encoding='utf8') as f:
            lines = [line for line in f.read().split('\n') if line and not line.startswith('#')]
        variables = dict(line.split('=', 1) for line in lines if re.match(r'\w+=', line))
        jobs = [line.split(None, 5) for line in lines if not re.match(r'\w+=', line)]
        path = variables.get('PATH', '/usr/bin:/bin')
        checks.check(INSTALLED in path.split(':'), 'cron finds what make install installs', path)
        checks.check(len(jobs) == 1 and SETTINGS in jobs[0][5], 'examples/crontab is one line', jobs)
        self.line = jobs[0][5].replace(SETTINGS, settings)
        self.env = dict(variables, PATH=path.replace(INSTALLED, user.bin), HOME=home, LOGNAME='snap',
                        SHELL='/bin/sh')
        self.user, self.home = user, home

    def night(self, line=None, env=None):
        return self.user.types(line or self.line, self.home, self.env if env is None else env)


def quiet(checks, cron, what, line=None, env=None):
    got = cron.night(line, env)
    checks.equal(got, (0, '', ''), 'drift, %s: no mail' % what)


def said(checks, cron, what, want, words, line=None):
    """A mail: exit status and words; a report on standard output only for 1."""
    rc, out, err = cron.night(line)
    checks.equal(rc, want, 'drift, %s: exit status (%s%s)' % (what, out, err))
    for word in words:
        checks.check(word in out + err, 'drift, %s says %s' % (what, word), out + err)
    checks.check((out if want == 1 else err) != '' and '\x1b' not in out + err,
                 'drift, %s: plain text in its place' % what, (out, err))
    checks.check(want != 1 or err == '', 'drift, %s: nothing on standard error' % what, err)
    return out


def write(path, text):
    with open(path, 'w', encoding='utf8') as f:
        f.write(text)


def moved(checks, cron, db):
    quiet(checks, cron, 'nothing moved')
    quiet(checks, cron, 'nothing moved, not even HOME is set', env={'PATH': cron.env['PATH']})
    tools.execute(db, "INSERT INTO products (sku, title, price) VALUES ('n', 'new', 1); VACUUM; ANALYZE;")
    quiet(checks, cron, 'only rows and statistics moved')
    tools.execute(db, 'CREATE TABLE DATABASECHANGELOG (ID text); CREATE TABLE DATABASECHANGELOGLOCK (ID int);')
    quiet(checks, cron, 'only the bookkeeping of a deployer came')
    tools.execute(db, 'ALTER TABLE orders ADD COLUMN hotfix int; DROP INDEX orders_by_customer;')
    said(checks, cron, 'moved by hand', 1, ('prod', 'column  hotfix', 'orders_by_customer', 'baseline', '2 new'))
    out = said(checks, cron, 'the next night', 1, ('column  hotfix', 'orders_by_customer', 'known since'))
    checks.check('new' not in out, 'what is known is not new', out)
    said(checks, cron, 'markdown', 1, ('hotfix',), cron.line + ' -f markdown')
    got = cron.night(cron.line + ' --quiet')
    checks.equal(got, (1, '', ''), 'drift --quiet')
    quiet(checks, cron, 'nothing was lost', cron.line + ' --fail-on destructive')
    said(checks, cron, 'an index is gone', 1, ('orders_by_customer',), cron.line + ' --fail-on breaking')


def update(checks, cron, folder):
    path, before = folder + '/prod.snap.json', set(os.listdir(folder))
    with open(path, 'rb') as f:
        old, inode = f.read(), os.stat(path).st_ino
    quiet(checks, cron, '--update-baseline', cron.line + ' --update-baseline')
    with open(path, 'rb') as f:
        new = f.read()
    checks.check(new != old and b'hotfix' in new and os.stat(path).st_ino != inode,
                 'the baseline is another file')
    checks.equal(set(os.listdir(folder)), before, 'nothing is left beside it')
    quiet(checks, cron, 'after --update-baseline')
    quiet(checks, cron, '--update-baseline again', cron.line + ' --update-baseline')
    with open(path, 'rb') as f:
        checks.equal(f.read(), new, 'the same bytes again')


def unknown(checks, cron, folder):
    """It could not know: 3, 5 or 6, with a name, and never 0 or 1."""
    db, base = folder + '/prod.db', folder + '/prod.snap.json'
    for what, path, change, want, word in (
            ('a database that is gone', db, None, 5, 'NO_SUCH_FILE'),
            ('a database that is none', db, b'no database at all\n' * 99, 5, 'NOT_A_DATABASE'),
            ('a damaged catalog', db, lambda b: b[:100] + b'\xff' * 4000 + b[4100:], 3, 'CORRUPT'),
            ('a damaged CREATE', db,
             lambda b: b.replace(b'CREATE TABLE products', b'CREATE TABLE prod(cts'), 3, ''),
            ('half a database', db, lambda b: b[:5000], 3, ''),
            ('a baseline that is gone', base, None, 5, 'NO_SUCH_FILE'),
            ('an empty baseline', base, b'', None, ''),
            ('half a baseline', base, lambda b: b[:len(b) // 2], 3, 'SNAPSHOT_'),
            ('a baseline that was edited', base, lambda b: b.replace(b'hotfix', b'hotfly'), 3, 'SNAPSHOT_'),
            ('a baseline of a newer snap', base, lambda b: b.replace(b'"snap":1', b'"snap":9'), 3,
             'SNAPSHOT_VERSION')):
        with open(path, 'rb') as f:
            kept = f.read()
        os.unlink(path)
        if change is not None:
            with open(path, 'wb') as f:
                f.write(change(kept) if callable(change) else change)
        if want is None:
            rc, out, err = cron.night()
            checks.check(rc not in (0, 2) and out + err != '', 'drift, %s' % what, (rc, out, err))
        else:
            said(checks, cron, what, want, (word,))
        with open(path, 'wb') as f:
            f.write(kept)
    quiet(checks, cron, 'all mended')


def locked(checks, cron, folder):
    con = sqlite3.connect(folder + '/prod.db', isolation_level=None)
    con.execute('BEGIN EXCLUSIVE')
    said(checks, cron, 'a locked database', 6, ('BUSY',))
    con.execute('COMMIT')
    con.close()
    quiet(checks, cron, 'no longer locked')


def several(checks, cron, folder):
    """One that cannot be checked does not keep the other from being checked."""
    both = cron.line.replace('drift prod ', 'drift prod other ')
    said(checks, cron, 'an environment without a baseline', 2, ('baseline',), both)
    with open(folder + '/snap.yml', encoding='utf8') as f:
        settings = f.read()
    write(folder + '/snap.yml', settings.replace('drift:\n', 'drift:\n  other: { baseline: prod.snap.json }\n')
          .replace('environments:\n', 'environments:\n  other: { url: "sqlite:other.db" }\n'))
    said(checks, cron, 'one of two is gone', 6, ('other', 'NO_SUCH_FILE', 'PARTIAL'), both)
    tools.execute(folder + '/prod.db', 'CREATE TABLE again (a int);')
    rc, out, err = cron.night(both)
    checks.check(rc == 6 and 'again' in out and 'other' in err, 'the other is reported', (rc, out, err))
    tools.execute(folder + '/prod.db', 'DROP TABLE again;')
    tools.copy(folder + '/prod.db', folder + '/other.db')
    quiet(checks, cron, 'two, both as they should be', both)
    quiet(checks, cron, 'all of snap.yml', cron.line.replace('drift prod ', 'drift '))
    write(folder + '/snap.yml', settings)


def in_git(checks, user, cron, folder):
    """The baseline as it stands in a revision, from a working directory that is not the repository."""
    git = 'git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main '
    settings = folder + '/snap.yml'
    user.must(checks, 'mkdir schema && snap snapshot prod -o schema/prod.snap.json', folder)
    user.must(checks, '%s init -q && git add schema && %s commit -qm one' % (git, git), folder)
    with open(settings, encoding='utf8') as f:
        text = f.read()
    write(settings, text.replace('prod.snap.json', '"git:main:schema/prod.snap.json"'))
    quiet(checks, cron, 'a baseline in git')
    write(folder + '/schema/prod.snap.json', 'nothing')
    quiet(checks, cron, 'the revision counts, not the file')
    tools.execute(folder + '/prod.db', 'CREATE VIEW later AS SELECT 1 AS x;')
    said(checks, cron, 'moved against git', 1, ('view later',))
    said(checks, cron, 'git cannot be written', 2, ('--update-baseline',), cron.line + ' --update-baseline')
    user.must(checks, 'snap snapshot prod -o schema/prod.snap.json && %s commit -qam two' % git, folder)
    quiet(checks, cron, 'the new state was committed')
    older = "--baseline 'git:main~1:schema/prod.snap.json'"
    # by the history live has not moved, so what the old baseline lacks would be pending
    out, _ = user.must(checks, 'snap drift prod --history none ' + older, folder, 1)
    checks.check('view later' in out, 'an older revision, by hand in the repository', out)
    said(checks, cron, 'what is typed is relative to where it is typed', 3, ('GIT',), cron.line + ' ' + older)
    for wrong in ('git:nowhere:schema/prod.snap.json', 'git:main:schema/none.json'):
        _, err = user.must(checks, "snap drift prod --baseline '%s'" % wrong, folder, 3)
        checks.check('GIT: ' + wrong in err, wrong, err)


def run(checks, user, folder, build):
    home = folder + '/home'
    settings = folder + '/settings'
    os.makedirs(home)
    os.makedirs(settings)
    look.prepare(checks, user, settings)
    cron = Cron(checks, user, home, settings + '/snap.yml')
    with open(settings + '/snap.yml', encoding='utf8') as f:
        text = f.read()
    write(settings + '/snap.yml', text.replace('timeout: 30s', 'timeout: 4s'))
    said(checks, cron, 'no baseline yet', 5, ('NO_SUCH_FILE',))
    quiet(checks, cron, 'the first baseline', cron.line + ' --update-baseline')
    moved(checks, cron, settings + '/prod.db')
    update(checks, cron, settings)
    unknown(checks, cron, settings)
    locked(checks, cron, settings)
    several(checks, cron, settings)
    in_git(checks, user, cron, settings)
    checks.equal(os.listdir(home), [], 'nothing is left in the home folder')
