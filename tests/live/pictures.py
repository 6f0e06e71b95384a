#!/usr/bin/env python3
"""Pictures of schemas: pages of HTML by a strict parser, Mermaid and DBML by their own, folders of pages.

usage: pictures.py SNAP BUILD [--all]    BUILD keeps the parsers that npm and PyPI give; --all: every golden case
The judge of what a schema holds is SQLite itself. The last line counts.
"""
import filecmp
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SNAP, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
FOLDER = tempfile.mkdtemp(prefix='snap-pictures-')
COUNT = {'checks': 0, 'failed': 0}
TAGS = {'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'h1', 'h2', 'h3', 'p', 'a', 'dl', 'dt', 'dd', 'ul', 'li', 'div',
        'table', 'tbody', 'tr', 'th', 'td', 'span', 'code', 'pre', 'section', 'br', 'svg', 'g', 'rect', 'path', 'text'}
ATTRS = {'lang', 'charset', 'http-equiv', 'content', 'name', 'href', 'id', 'class', 'title', 'role', 'width', 'height', 'viewBox',
         'x', 'y', 'rx', 'd', 'colspan'}
SHOP = '''
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INT NOT NULL REFERENCES customer (id) ON DELETE CASCADE, total NUMERIC(10,2) DEFAULT 0
  CHECK (total >= 0), note TEXT);
CREATE TABLE line (orders INT REFERENCES orders, place INT, what TEXT, PRIMARY KEY (orders, place));
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INT REFERENCES tree (id));
CREATE INDEX orders_by_note ON orders (note, total DESC) WHERE total > 1;
CREATE VIEW big AS SELECT * FROM orders WHERE total > 100;
CREATE TRIGGER kept BEFORE DELETE ON line BEGIN SELECT raise(abort, 'kept'); END;
'''
CHANGED = SHOP.replace(', note TEXT);', ', note INT, born TEXT);').replace('> 100', '> 200') + '''
CREATE TABLE refund (orders INT PRIMARY KEY REFERENCES orders (id)); DROP TABLE tree;
'''
EVIL = ['<script>alert(1)</script>', '"quoted"', "it's", 'a\nb', ']]>', '${x}', '%%{init: {"theme":"dark"}}%%', '--', 'esc\x1b[31m',
        '"] {', '`tick`', 'back\\slash', '</title><img src=x onerror=alert(1)>', '\u202egnirts', '&amp;', '#35;', "';--", 'PK', '表 ä',
        '</style>', 'javascript:alert(1)', '../../etc/passwd', 'style: #a;', '%', '{{x}}', '|a|b|', '[a](b)']


def say(good, text):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + text)


def run(*args, status=0):
    r = subprocess.run([SNAP, *args], cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    say(r.returncode == status, 'snap %s: exit %d, wanted %d\n%s' % (' '.join(args), r.returncode, status, r.stderr.decode('utf8', 'replace')))
    return r.stdout.decode('utf8'), r.stderr.decode('utf8', 'replace')


def path(name):
    return os.path.join(FOLDER, name)


def text_of(name):
    with open(path(name), encoding='utf8', newline='') as f:
        return f.read()


def database(name, script):
    if os.path.exists(path(name)):
        os.unlink(path(name))
    with sqlite3.connect(path(name)) as db:
        db.executescript(script)
    db.close()
    return name


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def shown(name):
    """As every report shows a name: controls and what turns the direction of text as bytes."""
    return ''.join(''.join('\\x%02x' % b for b in c.encode()) if ord(c) < 32 or ord(c) == 0x202e else c for c in name)


def evil(second):
    out = []
    for i, name in enumerate(EVIL):
        to = EVIL[i - 1]
        link = ' REFERENCES %s (%s)' % (quoted(to), quoted(EVIL[i - 2])) if i else ''
        more = ', %s INT' % quoted(name + ' 2') if second else ''
        out.append('CREATE TABLE %s (%s TEXT PRIMARY KEY, %s TEXT DEFAULT %s%s%s);' % (
            quoted(name), quoted(to), quoted(name + '!'), "'%s'" % name.replace("'", "''"), link, more))
        out.append('CREATE INDEX %s ON %s (%s);' % (quoted('i ' + name), quoted(name), quoted(name + '!')))
        out.append('CREATE VIEW %s AS SELECT %d, %s;' % (quoted('v ' + name), second, "'%s'" % name.replace("'", "''")))
    return '\n'.join(out)


def parsers():
    """node_modules with what package.json names, and a folder with html5lib."""
    modules, python = os.path.join(BUILD, 'node'), os.path.join(BUILD, 'html5lib')
    wanted = os.path.join(ROOT, 'tests', 'pictures', 'package.json')
    mine = os.path.join(modules, 'package.json')
    if not (os.path.exists(mine) and filecmp.cmp(mine, wanted, False) and os.path.exists(os.path.join(modules, 'done'))):
        shutil.rmtree(modules, ignore_errors=True)
        os.makedirs(modules)
        shutil.copy(wanted, mine)
        subprocess.run(['npm', 'install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'], cwd=modules, check=True)
        open(os.path.join(modules, 'done'), 'w').close()
    if not glob.glob(os.path.join(python, 'lib', '*', 'site-packages', 'html5lib')):
        subprocess.run([sys.executable, '-m', 'venv', python], check=True)
        subprocess.run([os.path.join(python, 'bin', 'pip'), 'install', '--quiet', 'html5lib==1.1'], check=True)
    sys.path[:0] = glob.glob(os.path.join(python, 'lib', '*', 'site-packages'))
    return modules


def parse_diagrams(modules, names):
    r = subprocess.run(['node', os.path.join(ROOT, 'tests', 'pictures', 'parse.mjs'), *names], cwd=FOLDER, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, encoding='utf8', env={**os.environ, 'SNAP_NODE_MODULES': modules})
    say(r.returncode == 0, 'parse.mjs: ' + r.stderr)
    found = {}
    for line in r.stdout.splitlines():
        one = json.loads(line)
        found.setdefault(one['file'], []).append(one)
        say('error' not in one, '%s: %s' % (one['file'], one.get('error')))
    for name in names:
        say(name in found, name + ': the parser found no diagram')
    return found


def check_html(name, folder=''):
    """A page that a strict parser takes, of harmless tags alone, whose links all lead somewhere. Gives its text."""
    import html5lib
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text_of(os.path.join(folder, name)))
    say(not parser.errors, '%s: %s' % (name, parser.errors[:3]))
    ids, links, words = [], [], []
    for e in tree.iter():
        if not isinstance(e.tag, str):
            continue
        tag = e.tag.split('}')[-1]
        say(tag in TAGS, '%s: tag %s' % (name, tag))
        for key in e.attrib:
            say(key in ATTRS, '%s: attribute %s of %s' % (name, key, tag))
        ids += [e.attrib['id']] if 'id' in e.attrib else []
        links += [e.attrib['href']] if 'href' in e.attrib else []
        words += [e.text or '', e.tail or '']
    say(len(ids) == len(set(ids)), name + ': an id twice')
    for link in links:
        good = link[1:] in ids if link.startswith('#') else re.fullmatch('[a-z0-9_-]+\\.html', link) and os.path.exists(path(os.path.join(folder, link)))
        say(good, '%s: link %s leads nowhere' % (name, link))
    say("default-src 'none'" in str(tree.find('.//meta[@http-equiv]').attrib), name + ': no policy')
    return ' '.join(words)


def expect_tables(database_name, found, what):
    """Tables, columns, keys and references of the DBML are those of SQLite's own pragmas."""
    db = sqlite3.connect(path(database_name))
    tables = [t for t, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    seen = {t['name']: t for t in found['tables']}
    say(sorted(seen) == sorted(map(shown, tables)), '%s: tables %s' % (what, sorted(seen)))
    links = 0
    for table in tables:
        rows = db.execute('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)', (table,)).fetchall()
        links += len(db.execute('SELECT DISTINCT id FROM pragma_foreign_key_list(?)', (table,)).fetchall())
        keys = [r for r in rows if r[3]]
        want = [[shown(r[0]), r[1].lower() or 'any', bool(r[3]) and len(keys) == 1, bool(r[2])] for r in rows]
        say([c[:4] for c in seen.get(shown(table), {'columns': []})['columns']] == want,
            '%s: columns of %r: %s, wanted %s' % (what, table, seen.get(shown(table)), want))
    say(len(found['links']) == links, '%s: %d references, wanted %d' % (what, len(found['links']), links))
    db.close()


def expect_diagram(database_name, found, what):
    db = sqlite3.connect(path(database_name))
    tables = [t for t, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    names = sorted(t['name'].strip('"').replace('""', '"') for t in found['tables'])
    say(len(names) == len(tables), '%s: %d tables, wanted %d' % (what, len(names), len(tables)))
    for t in found['tables']:
        for kind, name, keys, comment in t['columns']:
            say(re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', name), '%s: column %s' % (what, name))
    db.close()


def shop():
    a, b = database('a.db', SHOP), database('b.db', CHANGED)
    run('diff', a, b, '-f', 'html=d.html', '-f', 'mermaid=d.mmd', '-f', 'dbml=d.dbml', status=1)
    run('snapshot', a, '-o', 's.html')
    run('snapshot', a, '-f', 'mermaid=s.mmd')
    run('snapshot', a, '-f', 'dbml=s.dbml')
    shutil.copy(path(a), path('a2.db'))
    run('diff', a, 'a2.db', '-o', 'same.html')
    text = check_html('d.html')
    for words in ('5 changes in 4 objects: 2 added, 2 changed, 1 dropped', 'note', 'refund', 'data loss', 'total > 100', 'total > 200'):
        say(words in text, 'd.html lacks ' + words)
    say('both are the same' in check_html('same.html'), 'same.html')
    check_html('s.html')


def judge_shop(found):
    expect_tables('a.db', found['s.dbml'][0], 's.dbml')
    expect_diagram('a.db', found['s.mmd'][0], 's.mmd')
    classes = {t['name']: t['classes'] for t in found['d.mmd'][0]['tables']}
    say(classes.get('refund (added)') == 'default added' and classes.get('tree (dropped)') == 'default dropped' and
        classes.get('orders') == 'default changed' and classes.get('customer') == 'default', 'd.mmd: %s' % classes)
    notes = {(t['name'], c[0]): c[4] for t in found['d.dbml'][0]['tables'] for c in t['columns']}
    say(notes.get(('orders', 'born')) == 'ADDED' and notes.get(('orders', 'note'), '').startswith('CHANGED: ') and
        notes.get(('tree', 'id')) == 'DROPPED', 'd.dbml: %s' % notes)


def hostile():
    a, b = database('evil.db', evil(0)), database('evil2.db', evil(1))
    run('diff', a, b, '-f', 'html=e.html', '-f', 'mermaid=e.mmd', '-f', 'dbml=e.dbml', status=1)
    run('snapshot', a, '-f', 'dbml=es.dbml')
    run('snapshot', a, '-o', 'es.html')
    run('docs', a, '-o', 'evil')
    run('docs', a, '-o', 'evil-md', '-f', 'markdown')
    text = check_html('e.html') + check_html('es.html')
    for name in EVIL:
        say(shown(name) in text, 'e.html lacks %r' % name)
    for name in ('e.html', 'es.html', 'e.mmd', 'e.dbml', 'es.dbml'):
        say('\x1b' not in text_of(name) and '\u202e' not in text_of(name), name + ' holds a control')
    say('%%{' not in text_of('e.mmd'), 'e.mmd holds a directive')
    for name in sorted(os.listdir(path('evil'))):
        say(re.fullmatch(r'[a-z0-9_-]+\.html|\.snap-docs', name), 'page %s' % name)
        if name.endswith('.html'):
            check_html(name, 'evil')
    return ['evil-md/' + n for n in sorted(os.listdir(path('evil-md'))) if '-table-' in n or n.startswith(('table', 'index'))]


def snapshot_of(folder):
    return {n: text_of(os.path.join(folder, n)) for n in sorted(os.listdir(path(folder)))}


def folders():
    run('docs', 'a.db', '-o', 'docs')
    first = snapshot_of('docs')
    when = {n: os.stat(path('docs/' + n)).st_mtime_ns for n in first if n != '.snap-docs'}
    run('docs', 'a.db', '-o', 'docs')
    say(snapshot_of('docs') == first, 'a second run gives other bytes')
    say(when == {n: os.stat(path('docs/' + n)).st_mtime_ns for n in when}, 'a second run writes what is the same')
    with open(path('docs/mine.html'), 'w') as f:
        f.write('mine')
    run('docs', 'b.db', '-o', 'docs')
    after = snapshot_of('docs')
    say(not any(n.startswith('table-tree') for n in after) and any(n.startswith('table-refund') for n in after), 'pages %s' % sorted(after))
    say(after.pop('mine.html') == 'mine', 'a file of somebody else is touched')
    run('docs', 'b.db', '-o', 'fresh')
    fresh = snapshot_of('fresh')
    say(after == fresh, 'a folder that was there gives other pages')
    run('docs', 'b.db', '-o', 'docs', '-f', 'markdown')
    say(not any(n.endswith('.html') for n in os.listdir(path('docs')) if n != 'mine.html'), 'pages of the other format stay')
    # a list that somebody has changed removes nothing else
    with open(path('fresh/.snap-docs'), 'a') as f:
        f.write('../a.db\n/etc/passwd\nb.db\nx/y.html\n.html.html\n')
    run('docs', 'a.db', '-o', 'fresh')
    say(os.path.exists(path('a.db')) and os.path.exists(path('b.db')), 'a name on the list removed a file elsewhere')
    os.makedirs(path('other'))
    with open(path('other/x'), 'w') as f:
        f.write('x')
    _, words = run('docs', 'a.db', '-o', 'other', status=2)
    say('PROTECTED' in words and os.listdir(path('other')) == ['x'], 'a folder of somebody else: ' + words)
    for name in sorted(os.listdir(path('fresh'))):
        if name.endswith('.html'):
            check_html(name, 'fresh')
    run('docs', 'a.db', status=2)
    run('docs', 'a.db', '-o', 'a.db', status=3)


def many():
    """More tables than a picture holds: all are listed, the diagram keeps within what Mermaid reads."""
    tables = ['CREATE TABLE t%d (id INTEGER PRIMARY KEY, %s, up INT REFERENCES t%d (id));' % (
        i, ', '.join('column_with_a_long_name_%d TEXT' % k for k in range(30)), i // 2) for i in range(120)]
    a = database('many.db', '\n'.join(tables))
    b = database('many2.db', '\n'.join(tables) + 'ALTER TABLE t7 ADD COLUMN fresh TEXT;')
    run('snapshot', a, '-f', 'mermaid=many.mmd')
    run('diff', a, b, '-f', 'mermaid=many2.mmd', '-f', 'html=many.html', status=1)
    run('docs', a, '-o', 'many')
    say(len(text_of('many.mmd')) < 50000 and 'more are not shown' in text_of('many.mmd'), 'many.mmd is %d long' % len(text_of('many.mmd')))
    say('t-t7[' in text_of('many2.mmd') and 't-t3[' in text_of('many2.mmd') and 't-t50[' not in text_of('many2.mmd'), 'many2.mmd: neighbours')
    say(len(os.listdir(path('many'))) == 122, 'pages of 120 tables')
    check_html('many.html')
    check_html('index.html', 'many')


def golden(every):
    names = []
    cases = sorted(os.listdir(os.path.join(ROOT, 'golden', 'sqlite')))
    for i, case in enumerate(cases):
        sides = [os.path.join(ROOT, 'golden', 'sqlite', case, s) for s in ('from.json', 'to.json')]
        if not (every or i % 6 == 0) or not all(map(os.path.exists, sides)):
            continue
        run('diff', *sides, '-f', 'html=%s.html' % case, '-f', 'mermaid=%s.mmd' % case, '-f', 'dbml=%s.dbml' % case, '--facets', '+order,+pragmas',
            status=1)
        check_html(case + '.html')
        names += [case + '.mmd', case + '.dbml']
    return names


def judge():
    modules = parsers()
    shop()
    pages = hostile()
    folders()
    many()
    names = golden('--all' in sys.argv)
    found = parse_diagrams(modules, ['d.mmd', 'd.dbml', 's.mmd', 's.dbml', 'e.mmd', 'e.dbml', 'es.dbml', 'many.mmd', 'many2.mmd'] + names + pages)
    judge_shop(found)
    expect_tables('evil.db', found['es.dbml'][0], 'es.dbml')
    expect_diagram('evil.db', found['e.mmd'][0], 'e.mmd')
    say(len(names) >= 10 and pages, 'too few pairs of golden/ and pages of hostile names: %d, %d' % (len(names), len(pages)))


def main():
    try:
        judge()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('pictures: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


sys.exit(main())
