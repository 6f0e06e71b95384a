"""snap diff dev prod: what a user sees in a terminal and in a pipe."""
import os
import shutil

import observer
import shell


def prepare(checks, user, folder):
    """The example's snap.yml with its two databases."""
    shutil.copy(shell.SHOP + '/snap.yml', folder)
    for name, files in (('prod', 'prod.sql rows.sql'), ('dev', 'dev.sql')):
        for file in files.split():
            user.must(checks, 'sqlite3 %s.db < %s/shop/%s' % (name, shell.SHOP, file), folder)


def different(checks, user, folder):
    out, err = user.must(checks, 'snap diff dev prod', folder, 1)
    lines = out.split('\n')
    checks.check(lines[0].startswith('dev ') and lines[1].startswith('prod ') and
                 lines[2] == 'changes that turn dev into prod', 'the direction is said', out)
    for words in ('- column  phone', '- table refunds', '+ column  note', '~ view open_orders'):
        checks.check(words in out, 'dev to prod shows: ' + words, out)
    checks.check('\x1b' not in out and err == '', 'no colour in a pipe, nothing on standard error', (out, err))
    again, _ = user.must(checks, 'snap diff dev prod', folder, 1)
    checks.equal(again, out, 'two runs say the same')
    other, _ = user.must(checks, 'snap diff prod dev', folder, 1)
    for words in ('+ column  phone', '+ table refunds', '- column  note', 'changes that turn prod into dev'):
        checks.check(words in other, 'prod to dev shows: ' + words, other)
    os.makedirs(folder + '/below/deep')
    below, _ = user.must(checks, 'snap diff dev prod', folder + '/below/deep', 1)
    checks.equal(below, out, 'from a folder below')
    quiet, _ = user.must(checks, 'snap diff dev prod --quiet', folder, 1)
    checks.equal(quiet, '', '--quiet')


def terminal(checks, user, folder):
    rc, shown = user.at_terminal('snap diff dev prod', folder)
    checks.check(rc == 1 and '\x1b[' in shown and 'changes that turn dev into prod' in shown,
                 'colour on a terminal, and the status of the diff', (rc, shown))
    rc, shown = user.at_terminal('NO_COLOR=1 snap diff dev prod --no-pager', folder)
    checks.check(rc == 1 and '\x1b' not in shown and 'paged: ' not in shown, 'NO_COLOR and --no-pager',
                 (rc, shown))


def level(checks, user, folder):
    """Brought level by our script, they are the same in one line; rows do not matter."""
    user.must(checks, 'snap changelog prod dev -o up.sql && sqlite3 prod.db < up.sql', folder)
    out, err = user.must(checks, 'snap diff dev prod', folder)
    checks.check(out.count('\n') == 1 and err == '', 'equal: one line', (out, err))
    gone = observer.differences(observer.see(folder + '/dev.db'), observer.see(folder + '/prod.db'))
    checks.equal(gone, [], 'the observer agrees')
    checks.check(observer.rows(folder + '/prod.db')['orders'][0] > 0, 'the rows are there')


def mistakes(checks, user, folder):
    for line, want, words in (
            ('snap diff dev prdo', 2, 'prod'), ('snap diff dev', 2, 'USAGE'), ('snap dif dev prod', 2, 'diff'),
            ('snap diff dev prod --quite', 2, '--quiet'), ('snap diff dev missing.db', 5, 'NO_SUCH_FILE'),
            ('snap diff dev snap.yml', 5, 'NOT_A_DATABASE'), ('snap diff prod prod.db', 2, 'SAME_SOURCE')):
        out, err = user.must(checks, line, folder, want)
        checks.check(out == '' and words in err, '%s says %s' % (line, words), out + err)
    checks.check(not os.path.exists(folder + '/missing.db'), 'a missing database is not made')


def run(checks, user, folder, build):
    prepare(checks, user, folder)
    different(checks, user, folder)
    terminal(checks, user, folder)
    mistakes(checks, user, folder)
    level(checks, user, folder)
