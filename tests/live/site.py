#!/usr/bin/env python3
"""Pages of a history (snap report): links, a strict parser, hostile names, folders, a real Chromium.

usage: site.py SNAP BUILD [--nights N] [--keep FOLDER]    BUILD keeps the parser that PyPI gives; N: 24 by default
The history is made by snap drift over SQLite, a night each. The last line counts.
"""
import argparse
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

from browser import Browser, browser_path
from nasty import nasty, shown

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = {'checks': 0, 'failed': 0}
TAGS = {'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'nav', 'footer', 'form', 'input', 'button', 'h1', 'h2', 'h3', 'p',
        'a', 'dl', 'dt', 'dd', 'ul', 'li', 'div', 'table', 'tbody', 'tr', 'th', 'td', 'span', 'strong', 'code', 'section', 'br', 'time',
        'del', 'ins', 'svg', 'rect', 'path'}
ATTRS = {'lang', 'charset', 'http-equiv', 'content', 'name', 'href', 'id', 'class', 'title', 'role', 'width', 'height', 'viewBox', 'x', 'y',
         'd', 'colspan', 'scope', 'datetime', 'data-h', 'action', 'method', 'type', 'aria-label', 'placeholder', 'hidden',
         'preserveAspectRatio'}
DAY, FIRST = 86400, 1764554400  # 2025-12-01 02:00
SHOP = '''
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INT NOT NULL REFERENCES customer (id), total NUMERIC(10,2) DEFAULT 0, note TEXT);
CREATE INDEX orders_by_note ON orders (note);
CREATE TABLE still (x);
CREATE VIEW big AS
SELECT id,
       total
  FROM orders
 WHERE total > 100;
CREATE TABLE databasechangelog (id VARCHAR(255) NOT NULL, author VARCHAR(255) NOT NULL, filename VARCHAR(255) NOT NULL,
  dateexecuted DATETIME NOT NULL, orderexecuted INT NOT NULL, exectype VARCHAR(10) NOT NULL, md5sum VARCHAR(35), description VARCHAR(255),
  comments VARCHAR(255), tag VARCHAR(255), liquibase VARCHAR(20), contexts VARCHAR(255), labels VARCHAR(255), deployment_id VARCHAR(10));
'''


def say(good, text):
    COUNT['checks'] += 1
    if not good:
        COUNT['failed'] += 1
        print('FAILED: ' + text[:2000])


def quoted(name):
    return '"%s"' % name.replace('"', '""')


class Place:
    """A folder with snap.yml, databases and their history."""

    def __init__(self, snap, folder, envs):
        self.snap, self.folder = snap, folder
        os.makedirs(folder)
        with open(self.path('snap.yml'), 'w', encoding='utf8') as f:
            f.write('environments:\n')
            f.writelines('  %s: {url: "sqlite:%s.db"}\n' % (e, e) for e in envs)
            f.write('drift:\n')
            f.writelines('  %s: {baseline: base.snap.json}\n' % e for e in envs)

    def path(self, name):
        return os.path.join(self.folder, name)

    def sql(self, name, *scripts):
        with sqlite3.connect(self.path(name)) as db:
            for script in scripts:
                db.executescript(script)
        db.close()

    def run(self, *args, status=(0,), night=None):
        env = dict(os.environ) if night is None else {**os.environ, 'SOURCE_DATE_EPOCH': str(FIRST + night * DAY)}
        r = subprocess.run([self.snap, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
        say(r.returncode in status, 'snap %s: exit %d\n%s' % (' '.join(args), r.returncode, r.stderr.decode('utf8', 'replace')))
        return r.stdout.decode('utf8'), r.stderr.decode('utf8', 'replace')

    def pages(self, folder):
        out = {}
        for name in sorted(os.listdir(self.path(folder))):
            with open(self.path(os.path.join(folder, name)), encoding='utf8', newline='') as f:
                out[name] = f.read()
        return out


def parser(build):
    python = os.path.join(build, 'html5lib')
    if not glob.glob(os.path.join(python, 'lib', '*', 'site-packages', 'html5lib')):
        subprocess.run([sys.executable, '-m', 'venv', python], check=True)
        subprocess.run([os.path.join(python, 'bin', 'pip'), 'install', '--quiet', 'html5lib==1.1'], check=True)
    sys.path[:0] = glob.glob(os.path.join(python, 'lib', '*', 'site-packages'))


def parse(name, text):
    """Ids, links and texts of a page that a strict parser takes, of harmless tags alone."""
    import html5lib
    p = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = p.parse(text)
    ids, links, words, bad = [], [], [], list(p.errors[:3])
    for e in tree.iter():
        if not isinstance(e.tag, str):
            continue
        tag = e.tag.split('}')[-1]
        if tag not in TAGS and not (tag == 'script' and name == 'search.html'):
            bad.append('tag ' + tag)
        bad += ['attribute %s of %s' % (k, tag) for k in e.attrib if k not in ATTRS]
        ids += [e.attrib['id']] if 'id' in e.attrib else []
        links += [e.attrib['href']] if 'href' in e.attrib else []
        words += [e.text or '', e.tail or '']
    if len(ids) != len(set(ids)):
        bad.append('an id twice')
    if any(ord(c) < 32 and c != '\n' or ord(c) in (0x7f, 0x202e, 0x2028) for c in text):
        bad.append('a control')
    policy = tree.find('.//meta[@http-equiv]').attrib['content']
    if "default-src 'none'" not in policy or ('script-src' in policy) != (name == 'search.html'):
        bad.append('policy ' + policy)
    say(not bad, '%s: %s' % (name, bad[:5]))
    return set(ids), links, ' '.join(words)


def check_pages(pages):
    """Every page parses and every link of every page leads to a page and a place of it. Gives the texts."""
    parsed = {name: parse(name, text) for name, text in pages.items() if name.endswith('.html')}
    for name, (_, links, _) in parsed.items():
        dead = []
        for link in links:
            page, _, place = link.partition('#')
            page = page or name
            if not re.fullmatch(r'[a-z0-9_-]+\.html', page) or page not in parsed or (place and place not in parsed[page][0]):
                dead.append(link)
        say(not dead, '%s: links lead nowhere: %s' % (name, dead[:5]))
    reached, left = {'index.html'}, ['index.html']
    while left:
        for link in parsed[left.pop()][1]:
            page = link.partition('#')[0]
            if page in parsed and page not in reached:
                reached.add(page)
                left.append(page)
    say(reached == set(parsed), 'pages that no link reaches: %s' % sorted(set(parsed) - reached)[:5])
    say(all(re.fullmatch(r'[a-z0-9_-]{1,90}\.html|\.snap-report', n) for n in pages), 'names of pages: %s' % sorted(pages)[:5])
    return {name: text for name, (_, _, text) in parsed.items()}


def nights(place, count):
    """A history of some months: columns, views, indexes, tables that come and go; one environment is lost."""
    for env in ('prod', 'test', 'lost'):
        place.sql(env + '.db', SHOP)
    place.run('snapshot', 'prod.db', '-o', 'base.snap.json')
    for n in range(count):
        step = {1: 'ALTER TABLE customer ADD COLUMN phone%d TEXT;' % n,
                2: 'DROP VIEW big; CREATE VIEW big AS\nSELECT id,\n       total\n  FROM orders\n WHERE total > %d;' % (100 + n),
                3: 'CREATE TABLE refund%d (orders INT PRIMARY KEY REFERENCES orders (id), why TEXT);' % n,
                4: 'DROP INDEX orders_by_note; CREATE INDEX orders_by_note ON orders (note, total%s);' % (' DESC' if n % 2 else ''),
                6: 'DROP TABLE IF EXISTS refund%d;' % abs(n - 9)}.get(n % 8)
        if n % 8 == 1:
            step += "INSERT INTO databasechangelog VALUES ('%d-phone', 'ann', 'db/changelog.yaml', '2026-01-01 10:00:00', %d, 'EXECUTED', " \
                    "'9:ab', 'addColumn', '', NULL, '4.28.0', NULL, NULL, '%010d');" % (n, n, n)
        if step:
            place.sql('test.db', step)
        if step and n < count - 4:
            place.sql('prod.db', step)
        if n == count - 2:
            os.rename(place.path('lost.db'), place.path('away.db'))
        place.run('drift', '--quiet', night=n, status=(0, 1, 3, 5, 6))


def expect_history(place, texts, count):
    """What the pages say is what was done."""
    def one(begins):
        found = [t for n, t in texts.items() if n.startswith(begins)]
        say(len(found) == 1, '%d pages %s' % (len(found), begins))
        return found[0] if found else ''
    customer, view, index = one('env-test-table-customer-'), one('env-test-view-big-'), texts['index.html']
    for n in range(1, count, 8):
        say('column customer.phone%d' % n in customer and '%d-phone' % n in customer and '%010d' % n in customer, 'customer lacks night %d' % n)
    for n in range(2, count, 8):
        say('WHERE total > %d' % (100 + n) in view, 'view lacks night %d' % n)
    say('no longer there' in one('env-test-table-refund3-') if count > 14 else True, 'refund3 is gone')
    say('could not be read' in index and 'NO_SUCH_FILE' in index, 'index: lost')
    say('drift' in index, 'index: drift')
    still = [n for n in texts if '-table-still-' in n]
    say(not still and 'table still' in texts['search.html'], 'what never changed has a page: %s' % still)
    last = [t for n, t in texts.items() if n.startswith('env-test-') and 'Timeline' in t][0]
    for word in ('Open findings', 'column customer.phone1', 'The first state that the history holds'):
        say(word in last, 'env-test lacks ' + word)


def folders(place, count):
    """The same bytes again; pages that are gone go, other files stay; somebody else's folder is not touched."""
    first = place.pages('site')
    times = {n: os.stat(place.path('site/' + n)).st_mtime_ns for n in first if n.endswith('.html')}
    place.run('report', '-o', 'site', night=count + 500)
    say(place.pages('site') == first, 'a second run gives other bytes')
    say(times == {n: os.stat(place.path('site/' + n)).st_mtime_ns for n in times}, 'a second run writes what is the same')
    with open(place.path('site/mine.html'), 'w', encoding='utf8') as f:
        f.write('mine')
    place.run('report', 'prod', '-o', 'site')
    less = place.pages('site')
    say(less.pop('mine.html', '') == 'mine', 'a file of somebody else is touched')
    say(not any(n.startswith(('env-test', 'objects-test')) for n in less), 'pages of an environment that is not asked for stay')
    place.run('report', 'prod', '-o', 'fresh')
    say(place.pages('fresh') == less, 'a folder that was there gives other pages')
    check_pages(less)
    with open(place.path('fresh/.snap-report'), 'a', encoding='utf8') as f:
        f.write('../prod.db\n../base.snap.json\n/etc/passwd\nx/y.html\n')
    place.run('report', '-o', 'fresh')
    say(os.path.exists(place.path('prod.db')) and os.path.exists(place.path('base.snap.json')), 'a name on the list removed another file')
    os.makedirs(place.path('other'))
    with open(place.path('other/x'), 'w', encoding='utf8') as f:
        f.write('x')
    _, words = place.run('report', '-o', 'other', status=(2,))
    say('PROTECTED' in words and os.listdir(place.path('other')) == ['x'], 'a folder of somebody else: ' + words)
    _, words = place.run('report', 'nobody', '-o', 'none', status=(5,))
    say('HISTORY_NONE' in words and not os.path.exists(place.path('none')), 'an environment that is not there: ' + words)
    _, words = place.run('report', status=(2,))
    say('-o DIR' in words, 'without -o: ' + words)
    _, words = place.run('report', '--history', 'missing.db', '-o', 'none', status=(3, 5))
    say('missing.db' in words and not os.path.exists(place.path('missing.db')), 'a history that is not there: ' + words)


def killed(place, pages):
    """Killed at any moment a run leaves whole pages alone, and the next one mends the folder."""
    start = time.monotonic()
    place.run('report', '-o', 'whole')
    seconds, seen = time.monotonic() - start, 0
    for i in range(8):
        shutil.rmtree(place.path('killed'), ignore_errors=True)
        p = subprocess.Popen([place.snap, 'report', '-o', 'killed'], cwd=place.folder)
        time.sleep(seconds * (0.3 + i * 0.1))
        p.kill()
        p.wait()
        names = os.listdir(place.path('killed')) if os.path.isdir(place.path('killed')) else []
        now = place.pages('killed') if names else {}
        bad = [n for n in now if n.endswith('.html') and now[n] != pages[n]]
        say(not bad, 'killed: half a page: %s' % bad[:3])
        seen += 0 < len(now) < len(pages)
        place.run('report', '-o', 'killed')
        say({n: t for n, t in place.pages('killed').items() if not n.endswith('.tmp')} == pages, 'killed: the next run does not mend it')
    # what a killed run was writing, now and long ago; somebody else's file looks alike
    for name in ('index.html.snap-1-0.tmp', '.snap-report.snap-2-0.tmp', 'x.snap-1-0.tmp', 'index.html.snap-1-x.tmp'):
        with open(place.path('killed/' + name), 'w', encoding='utf8') as f:
            f.write('half')
        os.utime(place.path('killed/' + name), (FIRST, FIRST))
    place.run('report', '-o', 'killed')
    left = sorted(n for n in os.listdir(place.path('killed')) if n.endswith('.tmp') and '.snap-' in n and open(place.path('killed/' + n)).read() == 'half')
    say(left == ['index.html.snap-1-x.tmp', 'x.snap-1-0.tmp'], 'killed: left are %s' % left)
    os.makedirs(place.path('begun'))
    with open(place.path('begun/.snap-report.snap-7-0.tmp'), 'w', encoding='utf8') as f:
        f.write('half')
    place.run('report', '-o', 'begun')
    return seen


def look(browser, url, width, dark=False):
    """A page without a message, an element beyond its edge, or a script of a name."""
    page = browser.open(url, width=width, dark=dark)
    wide = page.run('document.documentElement.scrollWidth')
    say(wide <= width, '%s is %s wide at %d' % (url, wide, width))
    say(not page.messages and page.run('window.PWNED') is None, '%s: %s' % (url, page.messages))
    return page


def in_browser(browser, site, pages, every):
    names = sorted(n for n in pages if n.endswith('.html'))
    for name in names[::every] + ['index.html', 'search.html']:
        for width in (1280, 390):
            look(browser, 'file://%s/%s' % (site, urllib.parse.quote(name)), width, width == 390).close()


def search(browser, site):
    """From the first page: words, the page with what holds them, a link, the object's page."""
    page = look(browser, 'file://%s/index.html' % site, 1280)
    page.follow("document.querySelector('header input').value = 'TEST orders note'; document.querySelector('header form').requestSubmit()")
    say(page.run('location.pathname').endswith('/search.html'), 'the form leads to ' + str(page.run('location.href')))
    shown = page.run("[...document.querySelectorAll('.hits li')].filter(l => l.offsetParent).map(l => l.textContent)")
    say(shown and all('orders' in t and 'note' in t for t in shown), 'search shows %s' % shown)
    count = page.run("document.getElementById('n').textContent")
    say(count.startswith('%d of ' % len(shown or [])), 'search says ' + count)
    page.follow("[...document.querySelectorAll('.hits li')].filter(l => l.offsetParent)[0].querySelector('a:last-of-type').click()")
    say('orders' in page.run("document.querySelector('h1').textContent"), 'the link leads to ' + page.run('location.href'))
    say(not page.messages, 'search: %s' % page.messages)
    page.go('file://%s/search.html' % site)
    page.run("var q = document.getElementById('q'); q.value = 'nothing has this name'; q.dispatchEvent(new Event('input'))")
    say(page.run("[...document.querySelectorAll('.hits li')].filter(l => l.offsetParent).length") == 0, 'search finds what is not there')
    # the policy lets run nothing but that script
    page.run("var s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.body.append(s)")
    say(page.run('window.bad') is None and any('Content Security Policy' in m for m in page.messages), 'another script runs: %s' % page.messages)
    page.close()
    page = look(browser, 'file://%s/index.html' % site, 1280)
    page.run("var s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.body.append(s)")
    say(page.run('window.bad') is None, 'a script runs on the first page')
    page.close()


def hostile(place, browser, names):
    """Names from a database stand on the pages and do nothing."""
    place.sql('prod.db', '\n'.join('CREATE TABLE %s (%s TEXT);' % (quoted(n), quoted(n)) for n in names))
    place.run('snapshot', 'prod.db', '-o', 'base.snap.json')
    place.run('drift', 'prod', night=0)
    place.sql('prod.db', '\n'.join("ALTER TABLE %s ADD COLUMN %s TEXT DEFAULT '%s';" % (
        quoted(n), quoted(n + ' 2'), n.replace("'", "''")) for n in names))
    place.run('drift', 'prod', '--quiet', night=1, status=(1,))
    place.run('report', '-o', 'site')
    pages = place.pages('site')
    texts = check_pages(pages)
    say(sum(n.startswith('env-prod-table-') for n in pages) == len(names), 'pages of %d names: %d' % (len(names), len(pages)))
    say(len({n.lower() for n in pages}) == len(pages), 'names that differ in case alone')
    for where in ('search.html', *(n for n in pages if n.startswith(('objects-', 'state-')))):
        lost = [n for n in names if shown(n if re.fullmatch('[A-Za-z0-9_$]+', n) else quoted(n)) not in texts[where]]
        say(not lost, '%s lacks %d names: %r' % (where, len(lost), lost[:3]))
    in_browser(browser, place.path('site'), pages, max(1, len(pages) // 10))
    for name in (n for n in pages if n.startswith(('objects-', 'state-', 'env-prod-')) and '-table-' not in n):
        page = look(browser, 'file://%s/%s' % (place.path('site'), name), 390)
        say(page.run('window.PWNED') is None, name + ': a name has run')
        page.close()


def judge(args, folder):
    shop = Place(args.snap, os.path.join(folder, 'shop'), ('prod', 'test', 'lost'))
    nights(shop, args.nights)
    shop.run('report', '-o', 'site')
    pages = shop.pages('site')
    texts = check_pages(pages)
    expect_history(shop, texts, args.nights)
    say(browser_path() is not None, 'there is no Chromium')
    names = nasty()
    with Browser() as browser:
        search(browser, shop.path('site'))
        in_browser(browser, shop.path('site'), pages, 4)
        hostile(Place(args.snap, os.path.join(folder, 'evil'), ('prod',)), browser, names)
    killed(shop, pages)
    folders(shop, args.nights)
    say(len(pages) > 10 and len(names) == 500, 'too few pages: %d' % len(pages))
    return len(pages), len(names)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('snap', type=os.path.abspath)
    args.add_argument('build', type=os.path.abspath)
    args.add_argument('--nights', type=int, default=24)
    args.add_argument('--keep')
    args = args.parse_args()
    parser(args.build)
    folder = args.keep or tempfile.mkdtemp(prefix='snap-site-')
    pages = names = 0
    try:
        pages, names = judge(args, folder)
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print('site: %d checks of %d pages and %d names, %d failed' % (COUNT['checks'], pages, names, COUNT['failed']))
    return 1 if COUNT['failed'] else 0


sys.exit(main())
