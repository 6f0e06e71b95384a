#!/usr/bin/env python3
"""Telling people of drift: the command, the webhooks, metrics, the line for Nagios, and one budget of time for all of it.
Everything runs on this machine: the webhooks are servers of this test. usage: tell.py SNAP BUILD"""
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

from folder import Folder, clean
from moments import catches, ended, until

SNAP, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = Folder('tell')
FOLDER, check, at, put, text_of, sql = PLACE.path, PLACE.check, PLACE.at, PLACE.put, PLACE.text, PLACE.sql
CLEAN = clean()
SECRET = 's3cr3t-t0k3n'
NASTY = ['a|b', '<!here>', '<@U1> & <https://x.example|y>', '```\n*b* _i_ ~s~', '{{DATE(2017-02-14T06:08:39Z,SHORT)}}',
         '${x} @{y}', 'esc\x1b[31m', 'q"uo\'te\\', '\u202eabc', '[l](http://x.example)', "eq='x'=1"]
CLOCK = [1790000000]


def snap(*args, env=None, cwd=FOLDER):
    """One night later: exit status, standard output and error."""
    CLOCK[0] += 86400
    r = subprocess.run([SNAP, *args], cwd=cwd, env=dict(CLEAN, SOURCE_DATE_EPOCH=str(CLOCK[0]), **(env or {})),
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')


def fresh(entry, name='prod', file='prod.db', env=None):
    """A database that is as its baseline says, without a history."""
    shutil.rmtree(at('.snap'), ignore_errors=True)
    for old in [file, 'got', 'base.json']:
        if os.path.exists(at(old)):
            os.unlink(at(old))
    sql(file, 'CREATE TABLE orders(id INTEGER PRIMARY KEY, note TEXT)')
    rc, _, err = snap('snapshot', file, '-o', 'base.json')
    check(rc == 0, 'a baseline is written', err)
    put('snap.yml', 'environments: { %s: { url: "sqlite:%s" } }\ndrift: { %s: { baseline: base.json, %s } }\n'
        % (name, file, name, entry), 0o600)
    rc, out, err = snap('drift', env=env)
    check((rc, out, err) == (0, '', ''), 'the first night is quiet', (rc, out, err))


def slack_time():
    """What a busy machine may take, and a slow or sanitized program to start and end ten times: what hangs takes longer."""
    start = time.monotonic()
    snap('version')
    return 8 + 10 * (time.monotonic() - start)


def took(seconds, *args, env=None):
    """A run that must end with its budget."""
    seconds += slack_time()
    start = time.monotonic()
    got = snap(*args, env=env)
    spent = time.monotonic() - start
    check(spent < seconds, 'ends within %.1f s, took %.1f s: %s' % (seconds, spent, ' '.join(args)), got)
    return got


NOTE = '''#!/usr/bin/env python3
import json, os, sys
got = {k: v for k, v in os.environ.items() if k.startswith('SNAP_')}
got['argv'] = sys.argv[1:]
got['text'] = sys.stdin.read()
got['fds'] = [f for f in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + f)]
got['cwd'], got['pid'], got['other'] = os.getcwd(), os.getpid(), os.environ.get('OTHER')
with open('%s/got', 'a') as f: f.write(json.dumps(got) + chr(10))
print('said by the command')
sys.exit(int(os.environ.get('RC', '0')))
'''


def notes():
    """What the command got since the last time."""
    if not os.path.exists(at('got')):
        return []
    found = [json.loads(line) for line in text_of('got').split('\n') if line]
    os.unlink(at('got'))
    return found


def notify():
    fresh('notify: [./note, "a b", "$(touch shell)", "*"]')
    check(notes() == [], 'nobody is told of nothing')
    sql('prod.db', 'CREATE INDEX note_idx ON orders(note)')
    rc, out, err = snap('drift', env={'RC': '3', 'OTHER': 'kept'})
    got = notes()
    check(rc == 6 and 'NOTIFY_FAILED' in err and 'exit status 3' in err and 'next check' in err,
          'a command that fails is exit 6', (rc, err))
    check('note_idx' in out and 'said by' not in out and 'said by' in err, 'the report is printed before', (out, err))
    check(len(got) == 1 and got[0]['SNAP_NEW'] == '1' and got[0]['SNAP_DRIFT'] == '1', 'it was run', got)
    got = got[0]
    check(got['SNAP_ENV'] == 'prod' and got['SNAP_STATUS'] == 'drift' and got['other'] == 'kept', 'the variables', got)
    check(got['argv'] == ['a b', '$(touch shell)', '*'] and not os.path.exists(at('shell')), 'no shell', got)
    check(got['text'] == out, 'the report is its input', got['text'])
    check(got['cwd'] == os.path.realpath(FOLDER), 'in the folder of snap.yml', got['cwd'])
    check(sorted(got['fds'], key=int)[:3] == ['0', '1', '2'] and len(got['fds']) <= 3, 'no open file of snap', got['fds'])
    rc, out, err = snap('drift')
    check(rc == 1 and [g['SNAP_NEW'] for g in notes()] == ['1'], 'what failed is told again', (rc, err))
    rc, out, err = snap('drift')
    check(rc == 1 and 'note_idx' in out and not notes(), 'once is enough', (rc, out, err))
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    rc, out, err = snap('drift')
    got = notes()
    check(rc == 1 and [(g['SNAP_NEW'], g['SNAP_DRIFT']) for g in got] == [('1', '2')], 'only what is new, a table as one', got)
    sql('prod.db', 'ALTER TABLE hotfix ADD COLUMN y')
    rc, out, err = snap('drift')
    got = notes()
    check(rc == 1 and [g['SNAP_DRIFT'] for g in got] == ['2'] and got[0]['SNAP_NEW'] != '0', 'more of what was told of', got)
    rc, out, err = snap('drift', '--renotify')
    got = notes()
    check(rc == 1 and len(got) == 1 and got[0]['SNAP_NEW'] == got[0]['SNAP_DRIFT'], '--renotify tells again', got)
    sql('prod.db', 'DROP TABLE hotfix')
    snap('drift')
    check(not notes(), 'what is gone is not told')
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    snap('drift')
    check(len(notes()) == 1, 'what comes again is new again')
    CLOCK[0] -= 10 * 86400
    sql('prod.db', 'CREATE TABLE unwritten(x)')
    for _ in range(2):
        rc, out, err = snap('drift')
        check((rc, out) == (3, '') and 'HISTORY_TIME' in err and not notes(), 'what is not written down is not told', (rc, err))
    CLOCK[0] += 9 * 86400
    rc, out, err = snap('drift')
    check(rc == 1 and [g['SNAP_NEW'] for g in notes()] == ['1'], 'it is told when it is', (rc, err))
    for _ in range(2):
        rc, out, err = snap('drift', '--history', 'none')
        check(rc == 1 and len(notes()) == 1, 'without a history each run tells', (rc, err))
    rc, out, err = snap('drift', '--history', 'none', '--notify', at('note'))
    got = notes()
    check(rc == 1 and len(got) == 1 and got[0]['argv'] == [], '--notify in its place', (got, err))
    rc, out, err = snap('drift', '--history', 'none', '--notify', './nowhere')
    check(rc == 6 and 'cannot be started: No such file' in err, 'a command that is not there', err)
    put('json.yml', text_of('snap.yml').replace('baseline:', 'notify_format: json, baseline:'), 0o600)
    rc, out, err = snap('drift', '-c', 'json.yml', '--history', 'none')
    got = notes()
    check(rc == 1 and len(got) == 1 and isinstance(json.loads(got[0]['text']), dict), 'notify_format', (rc, err))
    put('json.yml', text_of('snap.yml').replace('baseline:', 'notify_format: nonsense, baseline:'), 0o600)
    rc, out, err = snap('drift', '-c', 'json.yml', '--history', 'none')
    check(rc == 2 and 'UNKNOWN_FORMAT' in err, 'an unknown notify_format', (rc, err))


def commands():
    """Commands that do not do what they should."""
    fresh('history: none')
    sql('prod.db', *['CREATE TABLE t%04d(%s TEXT)' % (i, 'long' * 3) for i in range(1200)])
    rc, out, err = snap('drift', '--notify', '/bin/true')
    check(rc == 1 and len(out) > 70000 and err == '', 'one that does not read is fine', (rc, len(out), err))
    put('killed', '#!/bin/sh\nkill -9 $$\n', 0o755)
    rc, out, err = snap('drift', '--notify', at('killed'))
    check(rc == 6 and 'ended by signal 9' in err, 'one that is killed', (rc, err))
    put('slow', '#!/bin/sh\necho $$ > pids; sleep 61 & echo $! >> pids; trap "" TERM; sleep 62 & echo $! >> pids\n'
        'while :; do wait; sleep 1; done\n', 0o755)
    put('pipe', '#!/bin/sh\ngrep SigIgn /proc/self/status > ignored\n', 0o755)
    snap('drift', '--notify', at('pipe'))
    check(not int(text_of('ignored').split()[1], 16) & 1 << signal.SIGPIPE - 1, 'SIGPIPE ends it as usual', text_of('ignored'))
    fresh('history: none')
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    rc, out, err = took(4, 'drift', '--notify', at('slow'), '--timeout', '4s')
    check(rc == 6 and 'took too long' in err and out, 'one that sleeps is ended with the budget', (rc, err))
    pids = text_of('pids').split()
    check(len(pids) == 3 and not ended(pids), 'nothing of it goes on', pids)
    proc = subprocess.Popen([SNAP, 'drift', '--notify', at('slow')], cwd=FOLDER, env=CLEAN, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)
    os.unlink(at('pids'))
    until(lambda: os.path.exists(at('pids')) and len(text_of('pids').split()) == 3)
    proc.send_signal(signal.SIGTERM)
    err = proc.communicate(timeout=20)[1].decode()
    check(proc.returncode == 143 and 'INTERRUPTED' in err, 'a signal ends it', (proc.returncode, err))
    check(not ended(text_of('pids').split()), 'and the command')


class Server:
    """A webhook that writes down what it gets and answers what it is told to."""

    def __init__(self, cert=None):
        self.got, self.answers, self.wait = [], [], 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                outer.got.append((self.path, dict(self.headers), body))
                time.sleep(outer.wait)
                code = outer.answers.pop(0) if outer.answers else 200
                self.send_response(code)
                if code // 100 == 3:
                    self.send_header('Location', '/elsewhere')
                self.end_headers()
                self.wfile.write(b'ok ' + SECRET.encode())

            def log_message(self, *args):
                pass
        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http.handle_error = lambda *args: None
        if cert:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(cert)
            self.http.socket = tls.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.port = self.http.server_address[1]

    def take(self):
        got, self.got = self.got, []
        return got


def certificate(name, host):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-keyout', at(name + '.key'), '-out', at(name + '.crt'), '-days', '2', '-subj', '/CN=' + host,
                    '-addext', 'subjectAltName=DNS:' + host], check=True, stderr=subprocess.DEVNULL)
    put(name + '.pem', text_of(name + '.key') + text_of(name + '.crt'), 0o600)


def hostile():
    sql('prod.db', *['CREATE TABLE "%s"(x)' % n.replace('"', '""') for n in NASTY])


def secret_is_kept(out, err, what):
    check(SECRET not in out + err, 'the URL is not shown: ' + what, err)


def slack_text(text, what):
    """docs.slack.dev: & < > only as entities, text of a section up to 3000 characters."""
    check(0 < len(text) <= 3000, what + ': 1 to 3000 characters', len(text))
    check(not re.search(r'[<>]|&(?!(amp|lt|gt);)', text), what + ': & < > are entities', text)


def slack(body):
    doc = json.loads(body)
    check(set(doc) == {'text', 'blocks'} and 1 <= len(doc['blocks']) <= 50, 'slack: text and up to 50 blocks', doc)
    slack_text(doc['text'], 'slack: the text of the notification')
    for block in doc['blocks']:
        check(block['type'] == 'section' and block['text']['type'] == 'mrkdwn' and block['text']['verbatim'] is True,
              'slack: sections whose links are not made', block)
        slack_text(block['text']['text'], 'slack: a section')
    code = doc['blocks'][1]['text']['text']
    check(code.startswith('```') and code.endswith('```') and '```' not in code[3:-3], 'slack: one block of code', code)
    return code


def teams(body):
    """learn.microsoft.com: a message with one card; adaptivecards.io: RichTextBlock and TextRun are of 1.2."""
    doc = json.loads(body)
    check(len(body) < 28 << 10, 'teams: under 28 KB', len(body))
    check(doc['type'] == 'message' and len(doc['attachments']) == 1, 'teams: a message with an attachment', doc)
    one = doc['attachments'][0]
    check(one['contentType'] == 'application/vnd.microsoft.card.adaptive' and one['contentUrl'] is None, 'teams: a card')
    card = one['content']
    check(card['type'] == 'AdaptiveCard' and card['version'] == '1.2' and card['body'], 'teams: version and body', card)
    text = []
    for block in card['body']:
        check(block['type'] == 'RichTextBlock', 'teams: blocks that know no Markdown', block)
        for run in block['inlines']:
            check(run['type'] == 'TextRun' and '\n' not in run['text'] and '{{' not in run['text']
                  and set(run) <= {'type', 'text', 'weight', 'fontType'}, 'teams: runs', run)
            text.append(run['text'])
    return '\n'.join(text)


def webhooks():
    server = Server()
    for form, look in [('slack', slack), ('teams', teams), ('json', lambda b: json.dumps(json.loads(b)))]:
        fresh('webhook: { url: "http://127.0.0.1:%d/%s", form: %s }' % (server.port, SECRET, form))
        hostile()
        rc, out, err = snap('drift', '--debug')
        got = server.take()
        check(rc == 1 and len(got) == 1, form + ': sent', (rc, err, len(got)))
        secret_is_kept(out, err, form)
        path, head, body = got[0]
        check(path == '/' + SECRET and head['Content-Type'] == 'application/json' and head['User-Agent'].startswith('snap/'),
              form + ': the request', head)
        text = look(body)
        check('a|b' in text and '\x1b' not in text and '\u202e' not in text, form + ': names are told, harmless', text)
        rc, out, err = snap('drift')
        check(rc == 1 and not server.take(), form + ': once', rc)
        with open(at('.snap/history.db'), 'rb') as f:
            check(SECRET.encode() not in f.read(), form + ': the URL is not in the history')
        sql('prod.db', *['CREATE TABLE "%d%s"(x)' % (i, '&<""' * 60) for i in range(400)])
        rc, out, err = snap('drift')
        got = server.take()
        check(rc == 1 and len(got) == 1 and ('more' in look(got[0][2]) or form == 'json'), form + ': very many', (rc, err))
    return server


def answers(server):
    hook = {'HOOK': 'http://localhost:%d/%s' % (server.port, SECRET)}
    fresh('webhook: { url_env: HOOK, form: slack }', env=hook)
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    for codes, requests, words in [([404], 1, 'answers 404'), ([302], 1, 'redirect'), ([500] * 3, 3, 'answers 500')]:
        server.answers = list(codes)
        rc, out, err = snap('drift', env=hook)
        got = server.take()
        check(rc == 6 and 'NOTIFY_FAILED' in err and words in err and len(got) == requests,
              'answers %s: told with the next check' % codes, (rc, err, len(got)))
        secret_is_kept(out, err, str(codes))
    server.answers = [503, 429, 200]
    rc, out, err = snap('drift', env=hook)
    check(rc == 1 and len(server.take()) == 3, 'what passes is tried again', (rc, err))
    put('hook', hook['HOOK'] + '\n')
    fresh('webhook: { url_file: hook, form: json }, notify: [./note]')
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    for text, want, words in [('https://192.0.2.1\n', None, None), ('http://192.0.2.1/%s' % SECRET, 2, 'https://'),
                              ('http://127.0.0.1.evil.example/%s' % SECRET, 2, 'https://'),
                              ('http://localhost:80@evil.example/%s' % SECRET, 2, 'https://'),
                              ('file:///etc/passwd', 2, 'https://'), ('', 2, 'gives no URL'),
                              ('http://localhost:1/%s' % SECRET, 6, "connect")]:
        if want is None:
            continue
        put('hook', text + '\n')
        rc, out, err = snap('drift', '--timeout', '5s')
        check(rc == want and words in err, 'a URL that will not do: %s' % text, (rc, err))
        check(len(notes()) == (want == 6), 'nothing is begun with it, or the command is told all the same')
        secret_is_kept(out, err, text)
    put('hook', 'http://127.0.0.1:%d/x\n' % server.port)
    rc, out, err = snap('drift')
    check(rc == 1 and len(server.take()) == 1 and len(notes()) == 1, 'and when it will, both', (rc, err))
    server.wait = 30
    sql('prod.db', 'CREATE TABLE more(x)')
    rc, out, err = took(4, 'drift', '--timeout', '4s')
    check(rc == 6 and 'NOTIFY_FAILED' in err, 'a webhook that hangs ends with the budget', (rc, err))
    server.wait = 0
    os.chmod(at('snap.yml'), 0o644)
    put('open.yml', text_of('snap.yml').replace('url_file: hook', 'url: "https://x.example/%s"' % SECRET), 0o644)
    rc, out, err = snap('drift', '-c', 'open.yml')
    check(rc == 2 and 'CONFIG_SECRET' in err and 'url_env' in err, 'a URL that others can read is refused', (rc, err))
    secret_is_kept(out, err, 'open to others')


def encrypted():
    certificate('right', 'localhost')
    certificate('wrong', 'elsewhere.example')
    for name, ca, want, words in [('right', 'right', 1, ''), ('right', None, 6, 'webhook (json)'),
                                  ('wrong', 'wrong', 6, 'webhook (json)'), ('right', 'nowhere', 6, 'webhook (json)')]:
        server = Server(at(name + '.pem'))
        hook = {'HOOK': 'https://localhost:%d/%s' % (server.port, SECRET)}
        fresh('webhook: { url_env: HOOK%s }' % (', ca_file: %s.crt' % ca if ca else ''), env=hook)
        sql('prod.db', 'CREATE TABLE hotfix(x)')
        rc, out, err = snap('drift', env=hook)
        got = server.take()
        check(rc == want and words in err and len(got) == (want == 1), 'TLS: %s, trust in %s' % (name, ca), (rc, err, got))
        secret_is_kept(out, err, name)


PARSE = '''
import json, sys
from prometheus_client.parser import text_string_to_metric_families
out = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    for s in family.samples:
        out.setdefault(s.name, []).append([s.labels, s.value, family.documentation, family.type])
json.dump(out, sys.stdout)
'''


def parsed(name):
    text = text_of(name)
    tools = os.path.join(BUILD, 'monitor')
    r = subprocess.run([tools + '/python/bin/python', '-c', PARSE], input=text.encode(), stdout=subprocess.PIPE, check=True)
    lint = subprocess.run([tools + '/prometheus/usr/bin/promtool', 'check', 'metrics'], input=text.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    check(lint.returncode == 0 and not lint.stdout, 'promtool has nothing to say', lint.stdout.decode())
    return json.loads(r.stdout)


def value(series, name, **labels):
    found = [v for have, v, _, _ in series.get(name, []) if all(have.get(k) == w for k, w in labels.items())]
    return found[0] if len(found) == 1 else found


def metrics():
    odd = 'o"d\\d\n{e}n|v'
    for name in ['one', 'two']:
        if os.path.exists(at(name + '.db')):
            os.unlink(at(name + '.db'))
        sql(name + '.db', 'CREATE TABLE orders(id INTEGER PRIMARY KEY, note TEXT)')
    shutil.rmtree(at('.snap'), ignore_errors=True)
    snap('snapshot', 'one.db', '-o', 'base.json')
    put('snap.yml', json.dumps({'environments': {odd: {'url': 'sqlite:one.db'}, 'two': {'url': 'sqlite:two.db'}},
                                'drift': {n: {'baseline': 'base.json', 'metrics': 'snap.prom'} for n in [odd, 'two']},
                                'ignore': [{'match': 'table:ok*', 'reason': 'test'}]}))
    rc, out, err = snap('drift')
    m = parsed('snap.prom')
    check(rc == 0 and value(m, 'snap_drift_up', env=odd) == 1 and value(m, 'snap_drift_up', env='two') == 1,
          'metrics: both environments', (rc, err, m))
    check(value(m, 'snap_drift_last_check_timestamp_seconds', env=odd) == CLOCK[0], 'metrics: the time', m)
    check(len(m['snap_drift_findings']) == 18 and {x[1] for x in m['snap_drift_findings']} == {0}, 'metrics: no findings')
    check(all(x[2] and x[3] == 'gauge' for v in m.values() for x in v) and len(m) == 7, 'metrics: each has help and type')
    sql('one.db', 'CREATE TABLE hotfix(x)', 'CREATE TABLE ok1(x)')
    rc, out, err = snap('drift', odd)
    m = parsed('snap.prom')
    findings = sum(x[1] for x in m['snap_drift_findings'] if x[0]['env'] == odd and x[0]['verdict'] == 'drift')
    check(rc == 1 and findings >= 1 and value(m, 'snap_drift_ignored_findings', env=odd) >= 1, 'metrics: findings', m)
    check(value(m, 'snap_drift_last_check_timestamp_seconds', env='two') == CLOCK[0] - 86400, 'metrics: others stay', m)
    good = CLOCK[0]
    put('one.db', 'this is no database')
    rc, out, err = snap('drift')
    m = parsed('snap.prom')
    check(rc == 6 and value(m, 'snap_drift_up', env=odd) == 0 and value(m, 'snap_drift_up', env='two') == 1,
          'metrics: one could not be told', (rc, err, m))
    check(value(m, 'snap_drift_last_success_timestamp_seconds', env=odd) == good
          and value(m, 'snap_drift_last_check_timestamp_seconds', env=odd) == CLOCK[0]
          and not [x for x in m['snap_drift_findings'] if x[0]['env'] == odd], 'metrics: what is unknown is not there', m)
    put('foreign.prom', 'node_load1 0.5\n')
    rc, out, err = snap('drift', 'two', '--metrics', 'foreign.prom')
    check(rc == 2 and 'PROTECTED' in err and text_of('foreign.prom') == 'node_load1 0.5\n', 'metrics: no file of others', err)
    rc, out, err = snap('drift', 'two', '--metrics', 'nowhere/x.prom')
    check(rc == 3 and 'WRITE_FAILED' in err, 'metrics: a folder that is not there', (rc, err))
    many = {'e%d' % i: {'url': 'sqlite:two.db'} for i in range(8)}
    put('many.yml', json.dumps({'environments': many, 'drift': {n: {'baseline': 'base.json', 'history': 'none'} for n in many}}))
    runs = [subprocess.Popen([SNAP, 'drift', n, '-c', 'many.yml', '--metrics', 'many.prom'], cwd=FOLDER, env=CLEAN)
            for n in many]
    check([r.wait(timeout=300) for r in runs] == [0] * 8, 'metrics: eight at once')
    m = parsed('many.prom')
    check({x[0]['env'] for x in m['snap_drift_up']} == set(many), 'metrics: none is lost', m['snap_drift_up'])
    check(not [f for f in os.listdir(FOLDER) if f.endswith('.tmp')], 'metrics: no temporary file stays')


def many():
    """Targets are told of by their workers, each with what is new in it."""
    fresh('history: none')
    for name in ['one', 'two', 'three']:
        shutil.copy(at('prod.db'), at(name + '.many.db'))
        if name != 'three':
            sql(name + '.many.db', 'CREATE TABLE hotfix(x)')
    put('targets', ''.join('%s=sqlite:%s.many.db baseline=base.json\n' % (n, n) for n in ['one', 'two', 'three']))
    words = ['drift', '--targets', 'targets', '-j', '2', '--history', at('many.db'), '--notify', at('note'),
             '--metrics', 'targets.prom', '--timeout', '60s']
    rc, out, err = snap(*words, env={'RC': '1'})
    check(rc == 6 and 'NOTIFY_FAILED: 2 of 3 targets could not be told of' in err and len(notes()) == 2,
          'many: who could not be told of is a failure', (rc, err))
    check('3 targets in 2 groups\n' in out and 'drift in 2' in out and 'could not be checked' not in out,
          'many: what was found stands in the report all the same', out)
    rc, out, err = snap(*words)
    got = notes()
    check(rc == 1 and sorted(g['SNAP_ENV'] for g in got) == ['one', 'two'], 'many: each is told of', (rc, err, got))
    rc, out, err = snap(*words)
    check(rc == 1 and not notes(), 'many: once', (rc, err))
    m = parsed('targets.prom')
    check({x[0]['env'] for x in m['snap_drift_up']} == {'one', 'two', 'three'}, 'many: one file of metrics', m)
    rc, out, err = snap(*words, '--nagios')
    check(rc == 3 and 'UNKNOWN' in out and '--nagios' in out, 'many: no line for Nagios', (rc, out, err))


LINE = re.compile(r"^SNAP DRIFT (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+"
                  r"( \|( '[^'=|]+'=[0-9.]+s?(;[0-9]*){2};0)+)?\n$")


def nagios():
    fresh('history: none')
    for word, status, args in [('OK', 0, []), ('UNKNOWN', 3, ['nope']), ('UNKNOWN', 3, ['--nonsense']),
                               ('UNKNOWN', 3, ['-c', 'nowhere.yml']), ('UNKNOWN', 3, ['--timeout', 'x'])]:
        rc, out, err = snap('drift', '--nagios', *args)
        check(rc == status and LINE.match(out) and word in out, 'nagios: %s %s' % (word, args), (rc, out, err))
    sql('prod.db', 'CREATE TABLE wide(a, b, c, d)')
    rc, out, err = snap('drift', '--nagios', '--metrics', 'wide.prom')
    check(rc == 2 and '1 drift in prod (table wide)' in out and "'prod drift'=1;" in out and 'wide' in out, 'a table is one', out)
    check('{env="prod",verdict="drift",severity="error"} 1\n' in text_of('wide.prom'), 'also in metrics', text_of('wide.prom'))
    os.unlink(at('wide.prom'))
    sql('prod.db', 'DROP TABLE wide')
    hostile()
    rc, out, err = snap('drift', '--nagios')
    check(rc == 2 and LINE.match(out) and 'CRITICAL' in out and 'drifts in prod' in out and '\x1b' not in out,
          'nagios: drift', (rc, out, err))
    rc, out, err = snap('drift', '--nagios', '--fail-on', 'never')
    check(rc == 1 and LINE.match(out) and 'WARNING' in out, 'nagios: drift that fails nothing', (rc, out, err))
    rc, out, err = snap('drift', '--nagios', '-o', 'report.txt')
    check(rc == 2 and LINE.match(out) and 'orders' in text_of('report.txt') or 'a|b' in text_of('report.txt'),
          'nagios: the report goes to its file', (rc, out, err))
    rc, out, err = snap('drift', '--nagios', '--notify', '/bin/false')
    check(rc == 2 and LINE.match(out) and 'NOTIFY_FAILED' in out, 'nagios: drift, and nobody could be told', (rc, out))
    rc, out, err = snap('drift')
    check(rc == 1, 'exit codes of plugins only with --nagios', rc)


def budget():
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(50)
    port = listener.getsockname()[1]
    put('empty.json', '')
    for scheme in ['postgresql', 'mysql', 'mariadb', 'mongodb']:
        rc, out, err = took(2, 'drift', '%s://%s127.0.0.1:%d/x' % (scheme, '' if scheme == 'mongodb' else 'u@', port), '--baseline', 'empty', '--timeout', '2s')
        check(rc in (5, 6) and 'TIMEOUT' in err, scheme + ': a server that says nothing', (rc, err))
    fresh('metrics: x.prom')
    sql('prod.db', 'CREATE TABLE hotfix(x)')
    db = sqlite3.connect(at('.snap/history.db'), isolation_level=None)
    db.execute('BEGIN IMMEDIATE')
    for args, least, most in [(['--timeout', '2s'], 1.5, 2), (['--lock-wait', '1s'], 0.9, 0),
                              (['--lock-wait', '30s', '--timeout', '2s'], 1.5, 2)]:
        start = time.monotonic()
        rc, out, err = took(most, 'drift', *args)
        check(rc == 7 and 'HISTORY_LOCKED' in err and time.monotonic() - start > least, 'a locked history: %s' % args,
              (rc, err, time.monotonic() - start))
    timer = threading.Timer(1.0, lambda: os.kill(holder.pid, signal.SIGTERM))
    db.close()
    holder = subprocess.Popen([sys.executable, '-c', 'import sqlite3, time, sys\ndb = sqlite3.connect(sys.argv[1], '
                               'isolation_level=None)\ndb.execute("BEGIN IMMEDIATE")\nprint(1, flush=True)\ntime.sleep(60)',
                               at('.snap/history.db')], stdout=subprocess.PIPE)
    holder.stdout.readline()
    timer.start()
    rc, out, err = took(20, 'drift', '--lock-wait', '15s')
    holder.wait()
    check(rc == 1 and 'hotfix' in out, 'one that lets go is waited for', (rc, err))
    fresh('history: none')
    spent = 0
    for _ in range(30):
        start = time.monotonic()
        rc, out, err = snap('drift', '--jitter', '5s', '--timeout', '2s')
        spent = time.monotonic() - start
        check(rc == 0 and spent < 5 + slack_time(), 'a wait by chance is no part of the budget', (rc, err, spent))
        if spent > 2:
            break
    check(spent > 2, '--jitter waits', spent)
    proc = subprocess.Popen([SNAP, 'drift', '--jitter', '24h'], cwd=FOLDER, env=CLEAN, stderr=subprocess.PIPE)
    catches(proc, signal.SIGINT)
    time.sleep(0.5)
    proc.send_signal(signal.SIGINT)
    err = proc.communicate(timeout=10)[1].decode()
    check(proc.returncode == 130 and 'INTERRUPTED' in err, 'a signal ends the wait', (proc.returncode, err))


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    subprocess.run([HERE + '/monitor_tools.sh', os.path.join(BUILD, 'monitor')], check=True)
    put('note', NOTE % FOLDER, 0o755)
    parts = sys.argv[3:] or ['notify', 'commands', 'webhooks', 'encrypted', 'metrics', 'many', 'nagios', 'budget']
    try:
        for name in parts:
            start = time.monotonic()
            if name == 'webhooks':
                answers(webhooks())
            else:
                globals()[name]()
            print('%s: %.1f s' % (name, time.monotonic() - start))
    finally:
        PLACE.remove()
    return PLACE.end()


if __name__ == '__main__':
    sys.exit(main())
