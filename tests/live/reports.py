#!/usr/bin/env python3
"""Reports of diff and drift: each format by a parser that is not snap's, with 500 nasty names; the page in a real browser.

usage: reports.py SNAP BUILD [--shots DIR]    BUILD keeps the validators that npm and PyPI give
Every name must come back exactly, or as its bytes where it would act on a reader. The last line counts.
"""
import glob
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import browser  # noqa: E402
from nasty import nasty, shown  # noqa: E402

SNAP, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
FOLDER = tempfile.mkdtemp(prefix='snap-reports-')
SHOTS = sys.argv[sys.argv.index('--shots') + 1] if '--shots' in sys.argv else ''
COUNT = {'checks': 0, 'failed': 0}
FORMATS = {'text': 'txt', 'markdown': 'md', 'json': 'json', 'html': 'html', 'sarif': 'sarif', 'junit': 'xml', 'gitlab': 'gl', 'github': 'gh'}
PACKAGES = ['jsonschema==4.23.0', 'xmlschema==3.4.3', 'markdown-it-py==3.0.0', 'html5lib==1.1']
# The schema of SARIF as its committee gives it, and the XML schema of Jenkins' xUnit plugin.
SARIF, JUNIT = '@microsoft/jest-sarif@1.0.0-beta.0', 'pytest==8.3.4'
NIGHT = 1700000000


def say(good, text):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + text[:1500])


def path(name):
    return os.path.join(FOLDER, name)


def run(*args, status=0, night=0, cwd=''):
    env = {**os.environ, 'SOURCE_DATE_EPOCH': str(NIGHT + 86400 * night)}
    r = subprocess.run([SNAP, *args], cwd=path(cwd), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    say(r.returncode == status, 'snap %s: exit %d, wanted %d\n%s' % (' '.join(args), r.returncode, status, r.stderr.decode('utf8', 'replace')))
    return r.stdout.decode('utf8')


def text_of(name):
    with open(path(name), encoding='utf8', newline='') as f:
        return f.read()


def write(name, text):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    with open(path(name), 'w', encoding='utf8', newline='') as f:
        f.write(text)


def database(name, script):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    if os.path.exists(path(name)):
        os.unlink(path(name))
    db = sqlite3.connect(path(name))
    db.executescript('PRAGMA journal_mode = off; PRAGMA synchronous = off; BEGIN;' + script + 'COMMIT;')
    db.close()


def validators():
    """The folder with both schemas; the Python packages are there for import."""
    folder = os.path.join(BUILD, 'reports')
    done = os.path.join(folder, 'done')
    wanted = '\n'.join(PACKAGES + [SARIF, JUNIT])
    if not (os.path.exists(done) and open(done).read() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        pip = [os.path.join(folder, 'bin', 'python'), '-m', 'pip', '--quiet', '--disable-pip-version-check']
        subprocess.run([sys.executable, '-m', 'venv', folder], check=True)
        subprocess.run(pip + ['install'] + PACKAGES, check=True)
        subprocess.run(pip + ['download', '--no-deps', '--no-binary', ':all:', '-d', folder, JUNIT], check=True)
        subprocess.run(['npm', 'pack', '--silent', SARIF], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        for archive in glob.glob(os.path.join(folder, '*.t*gz')):
            with tarfile.open(archive) as t:
                for member in t.getmembers():
                    if member.name.endswith(('junit-10.xsd', 'sarif-2.1.0-rtm.5.json')):
                        with open(os.path.join(folder, os.path.basename(member.name)), 'wb') as f:
                            f.write(t.extractfile(member).read())
        with open(done, 'w') as f:
            f.write(wanted)
    sys.path[:0] = glob.glob(os.path.join(folder, 'lib', '*', 'site-packages'))
    return folder


# Each parser gives the text in which names are looked for, after it has found the document sound.

class Judge:
    def __init__(self, folder):
        import jsonschema
        import xmlschema
        self.sarif_schema = jsonschema.Draft7Validator(json.load(open(os.path.join(folder, 'sarif-2.1.0-rtm.5.json'))))
        docs = {n: json.load(open(os.path.join(ROOT, 'docs', n + '.schema.json'))) for n in ('diff', 'drift')}
        try:
            from referencing import Registry, Resource
            registry = Registry().with_resources([(d['$id'], Resource.from_contents(d)) for d in docs.values()])
            self.schemas = {n: jsonschema.Draft202012Validator(d, registry=registry) for n, d in docs.items()}
        finally:
            for d in docs.values():
                jsonschema.Draft202012Validator.check_schema(d)
        self.junit_schema = xmlschema.XMLSchema(os.path.join(folder, 'junit-10.xsd'))

    def valid(self, what, validator, document):
        wrong = [e.json_path + ': ' + e.message[:300] for _, e in zip(range(3), validator.iter_errors(document))]
        say(not wrong, '%s: %s' % (what, wrong))

    def text(self, name, text, drift):
        return text

    def markdown(self, name, text, drift):
        import markdown_it
        tokens = markdown_it.MarkdownIt('gfm-like', {'html': True, 'linkify': False}).parse(text)
        allowed = {'heading_open', 'heading_close', 'inline', 'paragraph_open', 'paragraph_close', 'table_open', 'table_close', 'thead_open', 'thead_close',
                   'tbody_open', 'tbody_close', 'tr_open', 'tr_close', 'th_open', 'th_close', 'td_open', 'td_close', 'fence', 'bullet_list_open',
                   'bullet_list_close', 'list_item_open', 'list_item_close'}
        inside = {'text', 'text_special', 'strong_open', 'strong_close', 'softbreak', 'html_entity'}
        say(not {t.type for t in tokens} - allowed, '%s: blocks %s' % (name, {t.type for t in tokens} - allowed))
        kinds = {c.type for t in tokens for c in t.children or []}
        say(not kinds - inside, '%s: inline %s' % (name, kinds - inside))
        rows = [t for t in tokens if t.type == 'tr_open']
        cells = sum(t.type in ('td_open', 'th_open') for t in tokens)
        say(cells == 5 * len(rows), '%s: %d cells in %d rows' % (name, cells, len(rows)))
        return '\n'.join(''.join(c.content for c in t.children) if t.children else t.content for t in tokens if t.type in ('inline', 'fence'))

    def json(self, name, text, drift):
        document = json.loads(text)
        self.valid(name, self.schemas['drift' if drift else 'diff'], document)
        say(len({f['id'] for f in document['drift']['findings']}) == len(document['drift']['findings']) if drift else 'drift' not in document, name + ': ids')
        return document

    def sarif(self, name, text, drift):
        document = json.loads(text)
        self.valid(name, self.sarif_schema, document)
        for r in document['runs']:
            rules = [x['id'] for x in r['tool']['driver']['rules']]
            say(all(rules[x['ruleIndex']] == x['ruleId'] for x in r['results']), name + ': rule indexes')
            for x in r['results']:
                say(not re.search(r'(?<!\\)(\\\\)*[\[\]]', x['message']['text']), '%s: a link in %s' % (name, x['message']['text']))
        return document

    def junit(self, name, text, drift):
        wrong = [str(e.reason) for _, e in zip(range(3), self.junit_schema.iter_errors(text))]
        say(not wrong, '%s: %s' % (name, wrong))
        tree = ElementTree.fromstring(text)
        for suite in tree:
            cases = suite.findall('testcase')
            counted = (len(cases), sum(c.find('failure') is not None for c in cases), sum(c.find('skipped') is not None for c in cases))
            say(tuple(int(suite.get(k)) for k in ('tests', 'failures', 'skipped')) == counted, '%s: counts %s' % (name, counted))
            say(len({c.get('name') for c in cases}) == len(cases), name + ': a case twice')
        return tree

    def gitlab(self, name, text, drift):
        rows = json.loads(text)
        for r in rows:
            good = set(r) == {'description', 'check_name', 'fingerprint', 'severity', 'location'} and re.fullmatch('[0-9a-f]{32}', r['fingerprint']) and \
                r['severity'] in ('info', 'minor', 'major', 'critical', 'blocker') and r['location']['lines']['begin'] >= 1 and \
                not r['location']['path'].startswith('/')
            say(good, '%s: %s' % (name, r))
        say(len({r['fingerprint'] for r in rows}) == len(rows), name + ': a fingerprint twice')
        return rows

    def github(self, name, text, drift):
        """As the runner reads a line: ::command property=value,...::message, %XX for what would end a part."""
        def back(s, pairs):
            for code, c in pairs:
                s = s.replace(code, c)
            return s
        data = [('%0D', '\r'), ('%0A', '\n'), ('%25', '%')]
        rows = []
        for line in re.split('\r\n|\r|\n', text)[:-1]:
            m = re.fullmatch(r'::(error|warning|notice) ([^:]*)::(.*)', line)
            say(m, '%s: %s' % (name, line[:300]))
            if not m:
                continue
            properties = dict(p.split('=', 1) for p in m.group(2).split(','))
            say(set(properties) <= {'file', 'line', 'title'} and properties.get('line', '1').isdigit(), '%s: %s' % (name, properties))
            rows.append((m.group(1), {k: back(v, [('%3A', ':'), ('%2C', ',')] + data) for k, v in properties.items()}, back(m.group(3), data)))
        say(text.endswith('\n') and '\r' not in text, name + ': its end')
        return rows

    def html(self, name, text, drift):
        import html5lib
        strict = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        tree = strict.parse(text)
        say(not strict.errors, '%s: %s' % (name, strict.errors[:3]))
        ids = [e.attrib['id'] for e in tree.iter() if 'id' in e.attrib]
        links = [e.attrib['href'] for e in tree.iter() if 'href' in e.attrib]
        say(len(ids) == len(set(ids)), name + ': an id twice')
        say(all(x.startswith('#') and x[1:] in ids for x in links), '%s: links %s' % (name, [x for x in links if x[1:] not in ids][:3]))
        reader = Text()
        reader.feed(text)
        say(not reader.bad, '%s: %s' % (name, reader.bad[:3]))
        return ''.join(reader.words)


class Text(html.parser.HTMLParser):
    TAGS = {'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'h1', 'h2', 'h3', 'p', 'a', 'dl', 'dt', 'dd', 'ul', 'li', 'div', 'table', 'tr', 'th', 'td',
            'span', 'code', 'pre', 'section', 'br', 'svg', 'g', 'rect', 'path', 'text'}

    def __init__(self):
        super().__init__()
        self.words, self.bad = [], []

    def handle_starttag(self, tag, attrs):
        self.bad += [(tag, k) for k, _ in attrs if k.startswith('on') or k in ('src', 'style')]
        self.bad += [tag] if tag not in self.TAGS else []

    def handle_data(self, data):
        self.words.append(data)


# 500 names

def quoted(name):
    return '"%s"' % name.replace('"', '""')


def corpus(names, live):
    """Every name as a table, a column, an index and a literal; live differs in each table."""
    out = []
    for i, name in enumerate(names):
        if (live and i % 10 == 7) or (not live and i % 10 == 8):
            continue
        other, kind = names[i - 1], 'INT' if live and i % 10 == 1 else 'TEXT'
        more = ', %s INT' % quoted('new ' + name) if live and i % 10 in (2, 3, 4) else ''
        out.append('CREATE TABLE %s (%s %s, %s TEXT DEFAULT %s, "zzz 9" INT%s);' % (
            quoted('t ' + name if i % 2 else name), quoted(name), kind, quoted('b ' + other), "'%s'" % (name + '!' * live).replace("'", "''"), more))
        out.append('CREATE INDEX %s ON %s (%s%s);' % (quoted('i ' + name), quoted('t ' + name if i % 2 else name), quoted(name), ', "zzz 9"' if live else ''))
        if i % 5 == 0:
            out.append('CREATE VIEW %s AS SELECT %d AS %s,\n %s AS y;' % (quoted('v ' + name), live, quoted(name), "'%s'" % name.replace("'", "''")))
    return '\n'.join(out)


def is_in(name, text):
    """In a text for people: as it is, or between double quotes, which are doubled in it."""
    return shown(name) in text or shown(name).replace('"', '""') in text


def strings(value, out):
    if isinstance(value, dict):
        for k, v in value.items():
            strings(v, out)
    elif isinstance(value, list):
        for v in value:
            strings(v, out)
    elif isinstance(value, str):
        out.append(value)
    return out


def flat(fmt, found):
    """The text that was read, of one format."""
    if fmt in ('text', 'markdown', 'html'):
        return found
    if fmt == 'junit':
        return '\n'.join(found.itertext()) + '\n'.join(v for e in found.iter() for v in e.attrib.values())
    if fmt == 'github':
        return '\n'.join([m for _, _, m in found])
    if fmt == 'sarif':
        texts = [x['message']['text'] for r in found['runs'] for x in r['results']]
        return '\n'.join(re.sub(r'\\([\\\[\]])', r'\1', t).replace('{{', '{').replace('}}', '}') for t in texts)
    return '\n'.join(strings(found, []))


def expect_names(names, what, fmt, found):
    if fmt in ('json', 'sarif'):
        exact = {f['name'] for f in found['changes']} if fmt == 'json' else \
            {x['logicalLocations'][0]['name'] for r in found['runs'] for y in r['results'] for x in y['locations']}
        lost = [n for n in names if 'i ' + n not in exact and 't ' + n not in exact and n not in exact]
        say(not lost, '%s: not exactly there: %r' % (what, lost[:5]))
        if fmt == 'json':
            return
    text = flat(fmt, found)
    # a terminal has 100 columns, and its lines are cut there
    lost = [n for n in names if not is_in(n, text) and not (fmt == 'text' and len(shown(n)) > 30)]
    say(not lost, '%s: %d names are not there: %r' % (what, len(lost), lost[:5]))


def hostile(judge):
    names = nasty()
    database('n/a.db', corpus(names, 0))
    database('n/b.db', corpus(names, 1))
    write('n/snap.yml', 'environments:\n  "prod\\e[31m,::x": {url: "sqlite:b.db"}\ndrift:\n  "prod\\e[31m,::x": {baseline: base.json, history: none}\n')
    run('snapshot', 'a.db', '-o', 'base.json', cwd='n')
    base = {json.loads(x.rstrip(','))['path']: i + 1 for i, x in enumerate(text_of('n/base.json').split('\n')) if x.startswith('{"path"')}
    reports = [x for f, ext in FORMATS.items() for x in ('-f', '%s=d.%s' % (f, ext))]
    run('diff', 'base.json', 'b.db', *reports, status=1, cwd='n')
    for fmt, ext in FORMATS.items():
        run('drift', 'prod\x1b[31m,::x', '-f', fmt, '-o', 'r.' + ext, status=1, cwd='n')
        for name, drift in (('d.', False), ('r.', True)):
            text = text_of('n/' + name + ext)
            say(shown(text.replace('\n', '')) == text.replace('\n', '') or fmt in ('json',), name + ext + ': holds a character that acts on a terminal')
            found = getattr(judge, fmt)(name + ext, text, drift)
            expect_names(names, name + ext, fmt, found)
            if fmt == 'sarif':
                for x in found['runs'][0]['results']:
                    place = x['locations'][0]
                    line = place['physicalLocation']['region']['startLine']
                    want = base.get(place['logicalLocations'][0]['fullyQualifiedName'])
                    say(line == want if want else line == 1 or line in base.values(), 'sarif: line %d of %s, wanted %s' % (line, place, want))


# A week of one environment

SHOP = '''
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INT NOT NULL REFERENCES customer (id) ON DELETE CASCADE, total NUMERIC(10,2) DEFAULT 0
  CHECK (total >= 0), note TEXT);
CREATE TABLE line (orders INT REFERENCES orders, place INT, what TEXT, PRIMARY KEY (orders, place));
CREATE INDEX orders_by_note ON orders (note, total DESC) WHERE total > 1;
CREATE VIEW big AS SELECT id, total\nFROM orders\nWHERE total > 100\nORDER BY total;
'''
RULES = '''
ignore:
  - match: "table:tmp_*"
    reason: scratch of the <b>import</b>
    owner: team imports
  - match: "view:gone_*"
    reason: nobody knows
'''


def ids(name):
    found = json.loads(text_of(name))
    return {f['path'] + ' ' + f['facet']: f for f in found['drift']['findings']}, found['drift']


def night(number, status):
    for fmt, ext in FORMATS.items():
        # what is new is told of by the first check of a night; the others are of the same state
        folder = 'w/night%d' % number
        os.makedirs(path(folder), exist_ok=True)
        shutil.copy(path('w/history.keep'), path('w/history.db')) if os.path.exists(path('w/history.keep')) else None
        run('drift', 'prod', '-f', fmt, '-o', 'night%d/r.%s' % (number, ext), status=status, night=number, cwd='w')
    shutil.copy(path('w/history.db'), path('w/history.keep'))


def week(judge):
    write('w/snap.yml', 'environments:\n  prod: {url: "sqlite:prod.db"}\ndrift:\n  prod: {baseline: base.json, history: history.db}\n' + RULES)
    database('w/prod.db', SHOP)
    run('snapshot', 'prod.db', '-o', 'base.json', cwd='w')
    run('drift', 'prod', night=0, cwd='w')
    shutil.copy(path('w/history.db'), path('w/history.keep'))
    live = SHOP.replace('> 100', '> 200').replace('ORDER BY', "  AND total < 1000 -- '</script><script>window.PWNED=1</script>'\nORDER BY").replace(
        'note TEXT', 'note BLOB').replace('mail TEXT UNIQUE', 'mail TEXT UNIQUE, fax TEXT') + 'CREATE TABLE tmp_import (x TEXT); CREATE INDEX hot ON line (what);'
    database('w/prod.db', live)
    database('w/want.db', SHOP.replace('note TEXT', 'note INT').replace('place INT,', 'place INT, unit TEXT DEFAULT \'piece\','))
    run('snapshot', 'want.db', '-o', 'base.json', cwd='w')
    night(1, 1)
    # the morning after: one drift is gone, another is there, and the baseline's lines have moved
    database('w/prod.db', live.replace('CREATE INDEX hot ON line (what);', 'CREATE TABLE refund (orders INT PRIMARY KEY);') + 'CREATE TABLE aaa (x INT);')
    database('w/want.db', SHOP.replace('note TEXT', 'note INT').replace('place INT,', 'place INT, unit TEXT DEFAULT \'piece\',') + 'CREATE TABLE aaa (x INT);')
    run('snapshot', 'want.db', '-o', 'base.json', cwd='w')
    night(2, 1)
    for n in (1, 2):
        for fmt, ext in FORMATS.items():
            getattr(judge, fmt)('night %d %s' % (n, fmt), text_of('w/night%d/r.%s' % (n, ext)), True)
    expect_week()


def expect_week():
    one, _ = ids('w/night1/r.json')
    two, drift = ids('w/night2/r.json')
    verdicts = {'table:orders/column:note structure': 'conflict', 'view:big structure': 'drift', 'table:customer/column:fax structure': 'drift',
                'table:line/column:unit structure': 'pending', 'table:tmp_import structure': 'drift', 'table:refund structure': 'drift'}
    for key, verdict in verdicts.items():
        say(key in two and two[key]['verdict'] == verdict, '%s is %s, wanted %s' % (key, two.get(key, {}).get('verdict'), verdict))
    say(two['table:tmp_import structure'].get('rule', {}).get('owner') == 'team imports', 'the rule of tmp_import')
    same = set(one) & set(two)
    say(len(same) >= 5 and all(one[k]['id'] == two[k]['id'] for k in same), 'ids of json: %s' % same)
    say(one['view:big structure']['line'] != two['view:big structure']['line'], 'the lines of the baseline have not moved')
    say(all(not two[k]['fresh'] for k in same if two[k]['verdict'] != 'pending') and two['table:refund structure']['fresh'], 'fresh')
    say([r['path'] for r in drift['resolved']] == ['table:line/index:hot'], 'resolved: %s' % drift['resolved'])
    say([n['what'] for n in drift['notes']] == ['unused'], 'notes: %s' % drift['notes'])
    prints = [{x['partialFingerprints']['snapFinding/v1']: x for x in json.loads(text_of('w/night%d/r.sarif' % n))['runs'][0]['results']} for n in (1, 2)]
    kept = [one[k]['id'] for k in ('view:big structure', 'table:orders/column:note structure', 'table:customer/column:fax structure')]
    for key in kept:
        say(key in prints[0] and key in prints[1] and prints[1][key]['baselineState'] == 'unchanged', 'sarif: %s' % key)
    say(sum(len(x['suppressions']) for x in prints[1].values()) == 1 and sum(x['kind'] == 'informational' for x in prints[1].values()) == 1, 'sarif: %s' % [
        (x['kind'], x['suppressions']) for x in prints[1].values()])
    print_sets = [{r['description'].split('(')[0]: r['fingerprint'] for r in json.loads(text_of('w/night%d/r.gl' % n))} for n in (1, 2)]
    both = set(print_sets[0]) & set(print_sets[1])
    say(len(both) == 3 and all(print_sets[0][k] == print_sets[1][k] for k in both) and len(print_sets[1]) == 4, 'gitlab: %s' % print_sets)
    text = text_of('w/night2/r.txt')
    for words in ('drift: prod is not what its baseline says (from ', '3 drift (1 new), 1 in conflict, 1 pending, 1 let pass by rules, 1 resolved\n',
                  '= conflict, error, known since 2023-11-15T22:13:20Z', '= drift, error, new, came after 2023-11-15T22:13:20Z', 'pending: the baseline is ahead',
                  '  1 by table:tmp_* (scratch of the <b>import</b>; owner: team imports)', 'unused: view:gone_*', 'index line.hot (drift since 2023-11-15T22:13:20Z)'):
        say(words in text, 'text lacks %s:\n%s' % (words, text))
    suite = ElementTree.fromstring(text_of('w/night2/r.xml')).find('testsuite')
    say({c.get('name') for c in suite if c.find('skipped') is not None} == {'table:line/column:unit', 'table:tmp_import'}, 'junit: what is skipped')


def inside(judge):
    """A conflict in a table that is dropped: every format says which object it is."""
    write('i/snap.yml', 'environments:\n  prod: {url: "sqlite:prod.db"}\ndrift:\n  prod: {baseline: base.json, history: history.db}\n')
    database('i/prod.db', SHOP)
    run('snapshot', 'prod.db', '-o', 'base.json', cwd='i')
    run('drift', 'prod', night=0, cwd='i')
    database('i/want.db', SHOP.replace('what TEXT', 'what INT'))
    run('snapshot', 'want.db', '-o', 'base.json', cwd='i')
    run('drift', 'prod', night=1, cwd='i')
    shutil.copy(path('i/history.db'), path('i/history.keep'))
    db = sqlite3.connect(path('i/prod.db'))
    db.execute('DROP TABLE line')
    db.close()
    for fmt, ext in FORMATS.items():
        shutil.copy(path('i/history.keep'), path('i/history.db'))
        run('drift', 'prod', '-f', fmt, '-o', 'r.' + ext, status=1, night=2, cwd='i')
        found = text_of('i/r.' + ext)
        getattr(judge, fmt)('inside ' + fmt, found, True)
        say(re.search(r'\bwhat\b[\s\S]{0,600}\bconflict\b', found) is not None, 'inside: %s does not say what is in conflict:\n%s' % (fmt, found[:3000]))
        if fmt in ('github', 'gitlab', 'sarif'):
            run('drift', 'prod', '--baseline', './base.json', '-f', fmt, '-o', 'p.' + ext, status=1, night=3, cwd='i')
            say('base.json' in text_of('i/p.' + ext) and re.search('(?:file=|"path":"|"uri":")(?!base.json)', text_of('i/p.' + ext)) is None, 'inside: %s: the path' % fmt)
        say('1 in conflict' in found or fmt in ('json', 'sarif', 'junit', 'gitlab'), 'inside: %s counts no conflict' % fmt)


def several(judge):
    """Two environments in one file."""
    database('s/a.db', SHOP)
    database('s/b.db', SHOP.replace('note TEXT', 'note INT'))
    write('s/snap.yml', 'environments:\n  one: {url: "sqlite:b.db"}\n  two: {url: "sqlite:b.db"}\n  same: {url: "sqlite:a.db"}\ndrift:\n' + ''.join(
        '  %s: {baseline: base.json, history: none}\n' % e for e in ('one', 'two', 'same')))
    run('snapshot', 'a.db', '-o', 'base.json', cwd='s')
    for fmt, ext in FORMATS.items():
        if fmt == 'html':
            run('drift', '-f', fmt, '-o', 'r.' + ext, status=2, cwd='s')
            continue
        run('drift', '-f', fmt, '-o', 'r.' + ext, status=1, cwd='s')
        found = text_of('s/r.' + ext)
        if fmt != 'json':
            found = getattr(judge, fmt)('several ' + fmt, found, True)
        else:
            judge.valid('several json', judge.schemas['drift'], json.loads(found))
        if fmt == 'sarif':
            say([r['automationDetails']['id'] for r in found['runs']] == ['snap/one/', 'snap/two/', 'snap/same/'], 'runs')
            say([len(r['results']) for r in found['runs']] == [1, 1, 0], 'results of runs')
        if fmt == 'junit':
            say([s.get('name') for s in found] == ['one', 'two', 'same'], 'suites')
        if fmt == 'gitlab':
            say(len(found) == 2, 'gitlab: %s' % found)


# The browser

def look(page, name, title):
    say(page.messages == [], '%s: %s' % (name, page.messages[:3]))
    say(page.run('document.title') == title, '%s: title %r, wanted %r' % (name, page.run('document.title'), title))
    say(page.run('typeof window.PWNED') == 'undefined' and page.run('document.scripts.length') == 0, name + ': a script')
    say(page.run('document.querySelectorAll("[onload],[onerror],[onclick],[src],iframe,base,link").length') == 0, name + ': what could act')


def in_browser():
    if not browser.browser_path():
        say(False, 'there is no Chromium: apt-get install chromium')
        return
    with browser.Browser() as b:
        for name, title in (('n/r.html', 'drift: prod\\x1b[31m,::x is not what its baseline says'), ('n/d.html', 'Changes that turn base.json into b.db'),
                            ('w/night2/r.html', 'drift: prod is not what its baseline says')):
            for width, dark in ((1280, False), (1280, True), (390, False)):
                page = b.open('file://' + path(name), width=width, dark=dark)
                full = page.run('document.title')
                say(full.startswith(title), '%s: title %r' % (name, full))
                look(page, '%s at %d' % (name, width), full)
                wide = page.run('document.documentElement.scrollWidth')
                say(wide <= width, '%s: %d wide at %d' % (name, wide, width))
                color = page.run('getComputedStyle(document.body).backgroundColor')
                say(color == ('rgb(13, 17, 23)' if dark else 'rgb(255, 255, 255)'), '%s: %s' % (name, color))
                if SHOTS:
                    page.picture(os.path.join(SHOTS, '%s-%d%s.png' % (name.replace('/', '-'), width, '-dark' if dark else '')))
                page.close()
        page = b.open('file://' + path('w/night2/r.html'))
        pdf = page.call('Page.printToPDF')['data']
        say(len(pdf) > 5000, 'the page on paper')
        words = page.run('document.body.innerText')
        for word in ('Pending', 'Let pass by rules', 'Rules to look at', 'Resolved', 'team imports', 'AND total < 1000', 'conflict', 'known since'):
            say(word in words, 'the page lacks ' + word)


def main():
    try:
        judge = Judge(validators())
        hostile(judge)
        week(judge)
        inside(judge)
        several(judge)
        in_browser()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('reports: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


sys.exit(main())
