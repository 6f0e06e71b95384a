#!/usr/bin/env python3
"""snap append, lint and changelog --against, held against the real Liquibase. usage: append.py BUILD [--every]

Masters of many styles keep their bytes; what is appended is run, taken back and run again; the changeSets
that lint lists are those that Liquibase records, in its order; ids do not collide, also after yq has
overwritten them. Without --every the second version of Liquibase runs a part of the styles.
"""
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'liquibase'))
import tools  # noqa: E402
import observer  # noqa: E402
import shell  # noqa: E402
import styles  # noqa: E402

VERSIONS = ('5.0.4', '4.28.0')
HAND = """
ALTER TABLE person ADD COLUMN mail text DEFAULT '${DB_PASSWORD} ${x}';
CREATE INDEX person_name_idx ON person (name DESC);
CREATE TABLE "the badge" (id INTEGER PRIMARY KEY, colour text DEFAULT 'it''s; é 😀 ${');
CREATE VIEW staff AS SELECT name AS "]]> -- <x> & ""odd"" x" FROM person;
"""
MORE = 'CREATE TABLE room (id INTEGER PRIMARY KEY, number int);'
EDIT = ("""yq '.databaseChangeLog.[].changeSet.comment = "why" | .databaseChangeLog.[] |= """
        """.changeSet.id = "%s-"+(path | .[-1])' diff.yaml > diff-comments.yaml""")
MERGE = ("""yq -i 'load("diff-comments.yaml") as $d2 | .databaseChangeLog += $d2.databaseChangeLog' """
         'changelog.yml')


class Case:
    """A folder with a master, a development database that ran it, and an authoring database."""

    def __init__(self, checks, user, lb, folder, name):
        self.checks, self.user, self.lb, self.folder = checks, user, lb, folder
        self.name = name
        os.makedirs(folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode('utf8'))

    def bytes(self, name):
        with open(self.path(name), 'rb') as f:
            return f.read()

    def check(self, ok, what, seen=''):
        return self.checks.check(ok, 'Liquibase %s, %s: %s' % (self.lb.version, self.name, what), seen)

    def equal(self, got, want, what):
        return self.check(got == want, what, 'got %r, wanted %r' % (got, want))

    def snap(self, line, want=0, says=''):
        rc, out, err = self.user.types('snap ' + line, self.folder)
        self.check(rc == want and says in out + err, 'snap %s: exit %d' % (line, want),
                   'exit %d, wanted <%s>: %s%s' % (rc, says, out, err))
        return out + err

    def deploy(self, command, db, master, **arguments):
        error = self.lb.on(command, self.path(db), self.path(master), **arguments)
        return self.check(not error, '%s %s on %s' % (command, arguments or '', db), error)

    def same(self, a, b, what):
        gone = observer.differences(observer.see(self.path(a)), observer.see(self.path(b)))
        self.check(not gone, what, gone)

    def recorded(self, db, master, ordered=True):
        """lint lists what Liquibase has recorded, in its order."""
        listed = json.loads(self.user.types('snap lint %s -f json' % master, self.folder)[1])['changeSets']
        ran = tools.query(self.path(db), 'select ID, AUTHOR, FILENAME from DATABASECHANGELOG '
                                         'order by ORDEREXECUTED')
        listed = [(s['id'], s['author'], s['path']) for s in listed]
        self.equal(listed if ordered else sorted(listed), ran if ordered else sorted(ran), 'changeSets of lint')
        return len(ran)

    def begin(self, master, hand=HAND):
        self.deploy('update', 'dev.db', master)
        tools.copy(self.path('dev.db'), self.path('old.db'))
        tools.copy(self.path('dev.db'), self.path('authoring.db'))
        tools.execute(self.path('authoring.db'), hand)


def kept(before, after):
    """All bytes of the master stand in the result, in order, around one piece that was put in. The
    property of XML and SQL has its own place."""
    after = re.sub(rb'(?m)((?:^ *|  )?<property name="snap.d"[^>]*>|^--property name:snap.d [^\r\n]*)\r?\n', b'', after)
    front = len(os.path.commonprefix([before, after]))
    back = len(os.path.commonprefix([before[front:][::-1], after[front:][::-1]]))
    return front + back == len(before)


def one_style(case, style):
    """Append, again, run, back, and run again."""
    master = 'changelog.' + style['ending']
    diff = 'diff.' + style['ending']
    case.put(master, style['text'])
    case.begin(master)
    form = {'sql': ' --format liquibase-sql'}.get(style['ending'], '')
    case.snap('changelog dev.db authoring.db -o %s%s --author ada --against %s' % (diff, form, master))
    before = case.bytes(master)
    case.snap('append %s %s --dry-run' % (master, diff), says='would go to')
    case.equal(case.bytes(master), before, 'a dry run writes nothing')
    case.snap('append %s %s' % (master, diff), says='appended to')
    after = case.bytes(master)
    case.check(kept(before, after), 'the bytes of the master', after)
    case.equal(b'\r\n' in before, after.count(b'\r\n') == after.count(b'\n') and b'\r' in after, 'line ends')
    case.snap('append %s %s' % (master, diff), says='all are there already')
    case.equal(case.bytes(master), after, 'a second time changes nothing')
    case.deploy('validate', 'dev.db', master)
    had = tools.query(case.path('dev.db'), 'select count(*) from DATABASECHANGELOG')[0][0]
    case.deploy('update', 'dev.db', master)
    case.same('dev.db', 'authoring.db', 'the wanted state')
    n = case.recorded('dev.db', master) - had
    case.check(n >= 4, 'changeSets were run', n)
    case.deploy('rollbackCount', 'dev.db', master, count=n)
    case.same('dev.db', 'old.db', 'taken back')
    case.deploy('update', 'dev.db', master)
    case.same('dev.db', 'authoring.db', 'the wanted state again')
    left = os.listdir(case.folder)
    case.check(not [f for f in left if f.startswith('.') or 'tmp' in f], 'no file is left over', left)


def includes(case):
    """A tree of files: the order and the paths are Liquibase's; a folder takes its next file."""
    for name, text in styles.TREE.items():
        case.put(name, text)
    case.begin('changelog.yaml', MORE)
    n = case.recorded('dev.db', 'changelog.yaml')
    case.check(n == 9, 'the whole tree is read', n)
    case.snap('changelog dev.db authoring.db -o rooms.yaml --against changelog.yaml')
    case.put('rooms', case.bytes('rooms.yaml'))
    case.snap('append db/all rooms', 3, 'would pass over')
    case.snap('append db/all rooms.yaml', says='db/all/0003-rooms.yaml')
    case.snap('append db/all rooms.yaml', says='all are there already')
    case.snap('append changelog.yaml rooms.yaml', 3, 'CHANGELOG_HELD')
    case.deploy('update', 'dev.db', 'changelog.yaml')
    case.same('dev.db', 'authoring.db', 'the next file of the folder is run')
    case.recorded('dev.db', 'changelog.yaml', ordered=False)


def by_yq(case):
    """The lines of a pipeline, two times for one ticket: the ids that yq makes collide, and it is said."""
    case.put('changelog.yml', styles.FIRST)
    case.begin('changelog.yml')
    case.snap('changelog dev.db authoring.db -o diff.yaml --label-filter T-1')
    for line in (EDIT % 'T-1', MERGE):
        case.equal(case.user.types(line, case.folder)[0], 0, line)
    before = case.bytes('changelog.yml')
    case.deploy('validate', 'dev.db', 'changelog.yml')
    case.snap('changelog dev.db authoring.db -o none.yaml --against changelog.yml', says='0 changes')
    case.equal(case.bytes('none.yaml'), b'databaseChangeLog: []\n', 'what yq renamed is known by what it does')
    case.snap('append changelog.yml diff.yaml', 3, 'the same change under another id')
    tools.execute(case.path('authoring.db'), MORE)
    case.snap('changelog dev.db authoring.db -o diff.yaml --against changelog.yml', says='1 change,')
    case.equal(case.user.types(EDIT % 'T-1', case.folder)[0], 0, 'yq on the second changelog')
    case.snap('append changelog.yml diff-comments.yaml', 3, '--ticket')
    case.equal(case.bytes('changelog.yml'), before, 'what is refused writes nothing')
    case.snap('changelog dev.db authoring.db -o diff.yaml --ticket T-1 --against changelog.yml')
    case.snap('append changelog.yml diff.yaml', says='1 changeSet of diff.yaml appended')
    case.deploy('update', 'dev.db', 'changelog.yml')
    case.same('dev.db', 'authoring.db', 'both changelogs of the ticket')
    case.recorded('dev.db', 'changelog.yml')


def ids(case):
    """Templates: hashes, numbers that go on, and what was dropped and comes again."""
    case.put('changelog.yaml', styles.FIRST)
    case.begin('changelog.yaml', MORE)
    case.snap('changelog dev.db authoring.db -o d.yaml --id-template "{n}"', 2, '{hash}')
    case.snap('changelog dev.db authoring.db -o d.yaml --id-template "{ticket}-{hash}"', 2, '--ticket')
    case.snap('changelog dev.db authoring.db -o d.yaml --id-template "{what}{hash}"', 2, '{what}')
    case.snap('changelog dev.db authoring.db -o d.yaml --ticket T --id-template "{hash}"', 2, '{ticket}')
    case.snap('changelog dev.db authoring.db -o d.yaml --id-template "%s{hash}"' % ('x' * 245), 2, '255')
    numbered = 'changelog dev.db authoring.db -o d.yaml --ticket T --id-template "{ticket}_{n}" --against changelog.yaml'
    for number, hand in enumerate((None, 'ALTER TABLE room ADD COLUMN floor int;',
                                   'ALTER TABLE room DROP COLUMN floor;'), 1):
        if hand:
            tools.execute(case.path('authoring.db'), hand)
        case.snap(numbered)
        case.check(b'"T_%d"' % number in case.bytes('d.yaml'), 'the number goes on: %d' % number,
                   case.bytes('d.yaml'))
        case.snap('append changelog.yaml d.yaml')
        case.deploy('update', 'dev.db', 'changelog.yaml')
    for again in ('', '.2'):
        for hand in ('ALTER TABLE room ADD COLUMN door int;', 'ALTER TABLE room DROP COLUMN door;'):
            tools.execute(case.path('authoring.db'), hand)
            case.snap('changelog dev.db authoring.db -o d.yaml --ticket U --against changelog.yaml')
            case.check(bool(again) == (b'.2"' in case.bytes('d.yaml')), 'an id that comes again gets .2',
                       case.bytes('d.yaml'))
            case.snap('append changelog.yaml d.yaml')
            case.deploy('update', 'dev.db', 'changelog.yaml')
            case.same('dev.db', 'authoring.db', 'added, dropped, added, dropped')
    case.recorded('dev.db', 'changelog.yaml')


def pending(case):
    """What is still to be run is left out, unless the master goes on to take it back."""
    drop = '- changeSet: {id: p2, author: x, changes: [{dropTable: {tableName: room}}]}\n'
    against = 'changelog dev.db authoring.db -o d.yaml --against changelog.yaml'
    case.put('changelog.yaml', styles.FIRST)
    case.begin('changelog.yaml', MORE)
    case.snap('changelog dev.db authoring.db -o made.yaml')
    case.snap('append changelog.yaml made.yaml')
    case.snap(against, says='0 changes')
    master = case.bytes('changelog.yaml').decode('utf8')
    case.put('changelog.yaml', master.replace('"snap"', '"snap"\n    ignore: true'))
    case.snap(against, says='1 change,')
    case.put('changelog.yaml', master + drop)
    case.snap(against, says='1 change,')
    case.snap('append changelog.yaml d.yaml', says='1 changeSet')
    case.deploy('update', 'dev.db', 'changelog.yaml')
    case.same('dev.db', 'authoring.db', 'made, dropped and made')


def refusals(case):
    case.put('changelog.yaml', styles.FIRST)
    before = case.bytes('changelog.yaml')
    one = 'databaseChangeLog:\n- changeSet:\n    id: "%s"\n    author: "%s"\n    changes:\n    - sql: %s\n'
    for name, text, says in (('same-id.yaml', one % ('1', 'first', 'SELECT 1'), 'does something else'),
                             ('context.yaml', styles.FIRST.replace('"first"', '"first"\n    contextFilter: x', 1),
                              'for other contexts'),
                             ('twice.yaml', one % ('5', 'a', 'A') + one.partition('\n')[2] % ('5', 'a', 'B'),
                              'stands twice'),
                             ('no-id.yaml', 'databaseChangeLog:\n- changeSet: {author: x}\n', 'without id'),
                             ('includes.yaml', 'databaseChangeLog:\n- include: {file: x.yaml}\n', 'includes nothing'),
                             ('guard.yaml', 'databaseChangeLog:\n- preConditions: []\n' +
                              one.partition('\n')[2] % ('6', 'a', 'A'), 'for a whole file'),
                             ('none.xml', '<databaseChangeLog><changeSet id="7" author="a"/></databaseChangeLog>',
                              'is XML'), ('broken.yaml', 'databaseChangeLog: [', 'CHANGELOG_SYNTAX'),
                             ('gone.yaml', None, 'NO_SUCH_FILE')):
        if text is not None:
            case.put(name, text)
        case.snap('append changelog.yaml ' + name, 5 if text is None else 3, says)
        case.equal(case.bytes('changelog.yaml'), before, name + ': the master stays')
    case.put('a.yaml', one % ('8', 'a', 'A'))
    case.put('b.yaml', one % ('8', 'a', 'B'))
    case.snap('append changelog.yaml a.yaml b.yaml', 3, 'does something else')
    case.equal(case.bytes('changelog.yaml'), before, 'all or none of several')
    case.put('b.yaml', one % ('9', 'a', 'B'))
    case.snap('append changelog.yaml a.yaml b.yaml', says='1 changeSet of b.yaml')
    case.equal(case.bytes('changelog.yaml').count(b'changeSet:'), 4, 'two of two')


def faults(case):
    """No room, or an end at any time: the master is the old one or the new one."""
    case.put('base.yaml', styles.FIRST + ''.join(styles.MANY % (i, i) for i in range(3000)))
    case.put('d.yaml', 'databaseChangeLog:\n' + styles.MANY % (9999, 9999))
    old = case.bytes('base.yaml')
    shutil.copy(case.path('base.yaml'), case.path('changelog.yaml'))
    program = [os.path.join(case.user.bin, 'snap'), 'append', 'changelog.yaml', 'd.yaml']

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    r = subprocess.run(program, cwd=case.folder, capture_output=True, preexec_fn=small)
    case.check(r.returncode == 3 and b'WRITE_FAILED' in r.stderr, 'no room', r.stderr)
    case.equal(case.bytes('changelog.yaml'), old, 'no room: the master stays')
    start = time.time()
    subprocess.run(program, cwd=case.folder, capture_output=True)
    took, new = time.time() - start, case.bytes('changelog.yaml')
    case.check(len(new) > len(old), 'with room it is written')
    chance, seen = random.Random(7), set()
    for sign in [signal.SIGKILL, signal.SIGTERM] * 8:
        shutil.copy(case.path('base.yaml'), case.path('changelog.yaml'))
        p = subprocess.Popen(program, cwd=case.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * took * 1.2)
        p.send_signal(sign)
        p.wait(60)
        now = case.bytes('changelog.yaml')
        case.check(now in (old, new), 'ended by signal %d: old or new' % sign, len(now))
        seen.add(len(now))
    left = [f for f in os.listdir(case.folder) if f not in ('base.yaml', 'd.yaml', 'changelog.yaml')]
    case.check(len(left) <= 8, 'what a kill leaves over is a temporary file of its own', left)


def told(case):
    """What lint says of Liquibase holds: it changes names, passes over keys and changeSets."""
    for rule, text, seen in styles.TOLD:
        db = 'told-%s.db' % rule
        case.put('told.yaml', text)
        out = case.snap('lint told.yaml', 1, ': error: %s: ' % rule)
        error = case.lb.on('update', case.path(db), case.path('told.yaml'))
        rows = [] if error else tools.query(case.path(db), 'select ID from DATABASECHANGELOG')
        case.check(bool(error) if seen is None else [r[0] for r in rows] == seen,
                   'lint: %s is so' % rule, '%r %r %s' % (rows, error, out))


def inverses(case):
    """lint wants a rollback for just the change types that Liquibase cannot take back."""
    for kind, keys in styles.CHANGES.items():
        case.put(kind + '.yaml', 'databaseChangeLog:\n- changeSet:\n    id: x\n    author: a\n    changes:\n'
                 '    - %s: %s\n' % (kind, keys))
        error = case.lb.run('futureRollbackSql', dir=case.folder, changelogFile=kind + '.yaml',
                            url='offline:postgresql?changeLogFile=%s.csv&outputLiquibaseSql=none' % case.path(kind))
        out = case.user.types('snap lint %s.yaml' % kind, case.folder)[1]
        case.equal('missing-rollback' in out, 'No inverse' in error, 'the way back of ' + kind)


def one_version(checks, user, build, version, folder, every):
    lb = tools.Liquibase(build, version, folder + '/java-' + version)
    parts = [includes, by_yq, ids, pending, told, inverses] + ([refusals, faults] if version == VERSIONS[0] else [])
    try:
        for i, style in enumerate(styles.STYLES):
            if every or version == VERSIONS[0] or i % 4 == 0:
                one_style(Case(checks, user, lb, '%s/%s/%d' % (folder, version, i), style['name']), style)
        for part in parts:
            name = part.__name__
            part(Case(checks, user, lb, '%s/%s/%s' % (folder, version, name), name))
    except Exception as e:
        checks.check(False, 'append with %s: the test itself' % version, repr(e))
        raise
    finally:
        lb.close()


def main():
    build = os.path.abspath(sys.argv[1])
    checks, every = tools.Checks(), '--every' in sys.argv
    folder = tempfile.mkdtemp(prefix='snap-append-')
    start = time.time()
    try:
        user = shell.User(build, folder + '/bin')
        threads = [threading.Thread(target=one_version, args=(checks, user, build, v, folder, every))
                   for v in VERSIONS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    checks.check(checks.n >= 400, 'only %d checks were made' % checks.n)
    print('append: %d checks, %d failed, %d styles of masters, %.0f s' % (
        checks.n, checks.failed, len(styles.STYLES), time.time() - start))
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
