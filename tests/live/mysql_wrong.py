#!/usr/bin/env python3
"""What snap says when a MySQL or MariaDB server, a URL or a role is not what it should be: exit status,
stable name, reason and hint; that no password is ever shown; that a schema that moves is never mixed up.

usage: mysql_wrong.py SNAP [--server URL]

Without --server, SNAP_TEST_MYSQL_URL and SNAP_TEST_MARIADB_URL name the servers (root without password).
"""
import fcntl
import glob
import hashlib
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from moments import catches, until
from ports import free_port

CANARY = 'Canary%d'
CHECKS = FAILED = 0
FOLDER = tempfile.mkdtemp(prefix='snap-wrong-')
SAID = []  # everything that any run has printed
DB = 'snap_test_wrong'
ROWS = 1500


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text, flush=True)
    return ok


class Test:
    def __init__(self, program, url):
        self.program = program
        self.env = {'PATH': os.environ['PATH'], 'HOME': FOLDER, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.port = int(re.search(r':(\d+)', url).group(1))
        self.at = '127.0.0.1:%d' % self.port
        self.url = 'mysql://root@%s/%s' % (self.at, DB)
        self.mariadb = 'MariaDB' in self.sql('SELECT version()', db='')

    def command(self, db=DB):
        return ['mariadb', '--no-defaults', '--skip-ssl', '-N', '-h127.0.0.1', '-P%d' % self.port, '-uroot'] + ([db] if db else [])

    def sql(self, text, db=DB):
        r = subprocess.run(self.command(db), input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
        if r.returncode:
            sys.exit('%s\n%s' % (text, r.stderr))
        return r.stdout

    def snap(self, *args, env=None, timeout=60, first=None):
        r = subprocess.run([self.program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FOLDER,
                           stdin=subprocess.DEVNULL, env={**self.env, **(env or {})}, timeout=timeout, preexec_fn=first,
                           encoding='utf8', errors='surrogateescape')
        SAID.append(r.stdout + r.stderr)
        return r.returncode, r.stdout, r.stderr

    def begin(self, *args):
        return subprocess.Popen([self.program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FOLDER,
                                stdin=subprocess.DEVNULL, env=self.env, encoding='utf8',
                                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def wrong(self, url, status, name, *words, env=None, options=()):
        code, out, err = self.snap('snapshot', url, *options, env=env)
        check(code == status and err.startswith('snap: %s: ' % name) and not out and
              all(w in err for w in words), '%s: %d %s' % (url, code, err.strip()))

    def right(self, url, env=None, options=()):
        code, out, err = self.snap('snapshot', url, *options, env=env)
        check(code == 0 and out.startswith('{"snap":1') and not err, '%s: %d %s' % (url, code, err.strip()))
        return out


def doors(t):
    t.right('mysql://root@localhost:%d/%s' % (t.port, DB))
    t.right('mysql://%%72oot@%s/%s' % (t.at, DB.replace('_', '%5F')))
    t.wrong('mysql://root@127.0.0.1:%d/%s' % (free_port(), DB), 5, 'CANNOT_OPEN', 'mysql client')
    t.wrong('mysql://root@%s/nothing' % t.at, 5, 'CANNOT_OPEN', "'nothing'", 'SHOW DATABASES')
    t.wrong('mysql://root@%s/' % t.at, 2, 'BAD_VALUE', 'names no database')
    t.wrong('mysql://root@127.0.0.1:99999/x', 2, 'BAD_VALUE', 'port')
    t.wrong('mysql://root@nowhere.invalid/x', 5, 'CANNOT_OPEN', 'nowhere.invalid')
    t.wrong('mysql://root@localhost/x?socket=/nowhere', 5, 'CANNOT_OPEN', '/nowhere')
    t.wrong(t.url + '?ssl-mod=x', 2, 'UNKNOWN_URL_KEY', 'ssl-mode')
    t.wrong(t.url + '?ssl-mode=VERIFY', 2, 'BAD_VALUE', 'VERIFY_IDENTITY')
    t.wrong(t.url + '?ssl-mode=VERIFY_CA', 2, 'BAD_VALUE', 'ssl-ca')
    reader = 'mysql://snap_test_reader:%%s@%s/%s' % (t.at, DB)
    t.wrong(reader % (CANARY % 1), 5, 'ACCESS_DENIED', 'snap_test_reader', 'password_env')
    with open(FOLDER + '/snap.yml', 'w') as f:
        f.write('environments:\n  prod: {url: "mysql://snap_test_reader@%s/%s", password_env: PW}\n' % (t.at, DB))
    t.wrong('prod', 5, 'ACCESS_DENIED', env={'PW': CANARY % 1})
    # the option file of the clients, where it means this host and this user and is nobody else's to write
    text = '[mysqldump]\npassword=no\n[client]\nuser=snap_test_reader\npassword="%s" # reader\n' % (CANARY % 0)
    at = 'mysql://%%s%s/information_schema' % t.at
    for user, more, mode, found in (('', '', 0o600, True), ('snap_test_reader@', '', 0o600, True), ('snap_other@', '', 0o600, False),
                                    ('', 'host=127.0.0.1\n', 0o600, True), ('snap_test_reader@', 'host=elsewhere\n', 0o600, False),
                                    ('snap_test_reader@', '', 0o602, False)):
        with open(FOLDER + '/.my.cnf', 'w') as f:
            f.write(text + more)
        os.chmod(FOLDER + '/.my.cnf', mode)
        code, out, err = t.snap('snapshot', at % user)
        check(('ACCESS_DENIED' in err) != found, '.my.cnf %s %s %o: %d %s' % (user, more, mode, code, err))
    os.remove(FOLDER + '/.my.cnf')
    # with only what env grants says, a role sees what root sees
    code, out, err = t.snap('env', 'grants', 'prod', env={'PW': CANARY % 0})
    check(code == 0 and 'GRANT SELECT, SHOW VIEW, TRIGGER, EVENT' in out, 'env grants: %d %s' % (code, err))
    other = 'SHOW_ROUTINE' if t.mariadb else 'mysql.proc '
    t.sql(''.join(x + ';\n' for x in re.sub('--.*', '', out).split(';') if x.strip() and other not in x))
    a, b = t.right('prod', env={'PW': CANARY % 0}), t.right(t.url)
    check(a == b and 'procedure:p' in a and 'trigger:' in a and 'event:' in a, 'the reading role sees all')
    for command in (['snapshot', 'prod'], ['env', 'list'], ['env', 'test', 'prod'], ['--debug', 'snapshot', 'prod']):
        code, _, err = t.snap(*command, env={'PW': CANARY % 0})
        check(code == 0, '%s: %d %s' % (command, code, err))
    t.right(reader % (CANARY % 0))
    os.unlink(FOLDER + '/snap.yml')


def jdbc(t):
    """URLs as they stand in Liquibase's files."""
    kind, at = 'mariadb' if t.mariadb else 'mysql', '//%s/%s' % (t.at, DB)
    plain = t.right(t.url)
    for url in ('jdbc:%s:%s?user=root' % (kind, at), 'jdbc:mysql:%s?user=root&password=&useSSL=false&serverTimezone=UTC' % at,
                'jdbc:mysql:%s?sslMode=DISABLED&user=root&allowPublicKeyRetrieval=true&nullCatalogMeansCurrent=true' % at,
                'jdbc:mariadb:%s?user=root&sslMode=disable&useUnicode=true&characterEncoding=UTF-8&allowMultiQueries=true' % at,
                'jdbc:mysql:%s?user=root&createDatabaseIfNotExist=true&zeroDateTimeBehavior=convertToNull' % at):
        check(t.right(url) == plain, url)
    reader = 'jdbc:%s:%s?user=snap_test_reader&password=' % (kind, at)
    t.right(reader + CANARY % 0)
    t.wrong(reader + CANARY % 1, 5, 'ACCESS_DENIED', 'snap_test_reader')
    t.wrong(reader + CANARY % 1 + '&useSsl=false', 2, 'UNKNOWN_URL_KEY', 'did you mean useSSL?')
    t.wrong('jdbc:mysql:%s?useSSL=no' % at, 2, 'BAD_VALUE', 'true,false')
    t.wrong('jdbc:mysql:%s?user=root&sslMode=verify-full' % at, 5, 'TLS_FAILED')
    for form in ('mysql:loadbalance:' + at, 'mysql://127.0.0.1:1,%s/%s' % (t.at, DB), 'mysql://(host=127.0.0.1,port=%d)/%s' % (t.port, DB),
                 'mysql://address=(host=127.0.0.1)(port=%d)/%s' % (t.port, DB), 'mariadb:sequential:' + at):
        t.wrong('jdbc:' + form, 2, 'BAD_VALUE', 'one server')
    code, out, err = t.snap('env', 'grants', reader + CANARY % 1)
    check(code == 0 and "'snap_test_reader'@'%'" in out, 'env grants: %d %s' % (code, err))


def odd_names(t):
    """Names of everything, and of databases in URLs: read, planned, made, and no terminal sees their bytes."""
    odd = ['a`b', 'new\nline', 'esc\x1b[31m', 'x' * 64, 'ä€' * 25, '${x}', '%s%n', ' lead', "quote'\"", '-- c', 'a/b', 'a.b', 'back\\', '/*!x*/', 'ﬀ']

    def q(name):
        return '`%s`' % name.replace('`', '``')
    sql = ''.join('CREATE TABLE %s (%s int PRIMARY KEY, b int, KEY %s (b), CONSTRAINT %s CHECK (%s > 0)); CREATE VIEW %s AS SELECT %s FROM %s;' %
                  (q(n), q(n), q('k' + n[1:]), q('c%d' % odd.index(n) + n[4:]), q(n), q('v' + n[1:]), q(n), q(n)) for n in odd)
    names = ['a/b', 'ü %?#@:', "sem;i'`", 'esc\x1b[31m', '${x}', 'd' * 64]
    for i, name in enumerate(names):
        db = 'SET NAMES utf8mb4; DROP DATABASE IF EXISTS %s; CREATE DATABASE %s CHARACTER SET utf8mb4; ' % (q(name), q(name))
        t.sql(db + ('USE %s; ' % q(name) + sql if i < 2 else ''), db='')
        url = 'mysql://root@%s/%s' % (t.at, urllib.parse.quote(name, safe=''))
        out = t.right(url)
        check(i > 1 or out.count('"path":"table:') > 40 and '\x1b' not in out, 'odd names in ' + name)
        code, out, err = t.snap('diff', url, 'empty')
        check(code == 1 and not re.search('[\0-\x09\x0b-\x1f\x7f]', out + err), '%s: %d %r%r' % (name, code, out[-300:], err))
        if i == 0:
            code, _, err = t.snap('changelog', 'empty', url, '--no-verify', '-o', 'odd.sql')
            check(code == 0, 'odd names: %d %s' % (code, err))
            t.sql('DROP DATABASE IF EXISTS snap_test_to; CREATE DATABASE snap_test_to CHARACTER SET utf8mb4', db='')
            with open(FOLDER + '/odd.sql', encoding='utf8', newline='') as f:
                subprocess.run(t.command('snap_test_to') + ['--binary-mode', '--default-character-set=utf8mb4'], input=f.read(), encoding='utf8', check=True)
            code, out, err = t.snap('diff', url, 'mysql://root@%s/snap_test_to' % t.at)
            check(code == 0, 'odd names, made: %d %s%s' % (code, out, err))
    for name in names:
        t.sql('SET NAMES utf8mb4; DROP DATABASE %s' % q(name), db='')
    # too long, and what no server takes
    for name in ('d' * 65, 'a\0b', 'x ' * 40):
        code, out, err = t.snap('snapshot', 'mysql://root@%s/%s' % (t.at, urllib.parse.quote(name, safe='')))
        check(code in (2, 5) and err.startswith('snap: ') and not out, 'no database: %d %s' % (code, err))


def full_disk(t):
    """Nothing half written where the disk is full; the old file is whole."""
    small = FOLDER + '/full'
    os.makedirs(small, exist_ok=True)
    t.sql(''.join('CREATE TABLE big%d (%s);' % (i, ', '.join("c%d int COMMENT '%s'" % (k, 'x' * 900) for k in range(60))) for i in range(12)))

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    with open(small + '/a.json', 'w') as f:
        f.write('old')
    for args in (['snapshot', t.url, '-o', small + '/a.json'], ['changelog', 'empty', t.url, '--no-verify', '-o', small + '/a.sql']):
        code, out, err = t.snap(*args, first=limit)
        check(code == 3 and err.startswith('snap: WRITE_FAILED: ') and os.listdir(small) == ['a.json'], '%s: %d %s' % (args[0], code, err))
    check(open(small + '/a.json').read() == 'old', 'the old file is not whole')
    with open('/dev/full', 'w') as full:
        r = subprocess.run([t.program, 'snapshot', t.url], stdout=full, stderr=subprocess.PIPE, env=t.env, encoding='utf8', timeout=60)
    check(r.returncode == 3 and 'WRITE_FAILED' in r.stderr, 'standard output is full: %d %s' % (r.returncode, r.stderr))
    t.sql(''.join('DROP TABLE big%d;' % i for i in range(12)))


def mute(t):
    """Somebody who accepts and says nothing."""
    with socket.socket() as deaf:
        deaf.bind(('127.0.0.1', 0))
        deaf.listen(5)
        url = 'mysql://root@127.0.0.1:%d/app' % deaf.getsockname()[1]
        start = time.monotonic()
        t.wrong(url, 5, 'CANNOT_OPEN', 'does not answer', options=['--connect-timeout', '500ms'])
        t.wrong(url, 6, 'TIMEOUT', options=['--timeout', '300ms'])
        check(time.monotonic() - start < 25, 'it waits for no longer than it was told')
        p = t.begin('snapshot', url)
        catches(p, signal.SIGINT)
        time.sleep(0.5)
        p.send_signal(signal.SIGINT)
        err = p.communicate(timeout=20)[1]
        check(p.returncode == 130 and 'INTERRUPTED' in err, 'a signal while it connects: %d %r' % (p.returncode, err))


def certificate(name):
    subprocess.run(['openssl', 'req', '-new', '-x509', '-days', '2', '-nodes', '-subj', '/CN=' + name, '-keyout', FOLDER + '/key',
                    '-out', FOLDER + '/%s.crt' % name], check=True, stderr=subprocess.DEVNULL)
    return FOLDER + '/%s.crt' % name


def tls(t):
    t.right(t.url + '?ssl-mode=DISABLED')
    t.right(t.url + '?ssl-mode=PREFERRED')
    if t.sql('SELECT @@have_ssl' if t.mariadb else "SELECT 'YES'", db='').strip() != 'YES':
        for mode in ('REQUIRED', 'VERIFY_IDENTITY'):
            t.wrong(t.url + '?ssl-mode=' + mode, 5, 'TLS_FAILED', 'TLS', 'ssl-mode')
        return
    data = t.sql('SELECT @@datadir', db='').strip()
    shutil.copy(data + '/ca.pem', FOLDER + '/ca.pem')
    t.right(t.url + '?ssl-mode=REQUIRED')
    t.right(t.url + '?ssl-mode=VERIFY_CA&ssl-ca=%s/ca.pem' % FOLDER)
    t.wrong(t.url + '?ssl-mode=VERIFY_CA&ssl-ca=' + certificate('other'), 5, 'TLS_FAILED', 'certificate')
    t.wrong(t.url + '?ssl-mode=VERIFY_CA&ssl-ca=/nowhere', 5, 'TLS_FAILED')
    t.wrong(t.url + '?ssl-mode=VERIFY_IDENTITY', 5, 'TLS_FAILED', 'certificate')
    # the server's own certificate names no host
    t.wrong(t.url + '?ssl-mode=VERIFY_IDENTITY&ssl-ca=%s/ca.pem' % FOLDER, 5, 'TLS_FAILED')


class Cut(threading.Thread):
    """A proxy that ends the connection when the server has said n bytes, or falls silent."""

    def __init__(self, port, n, host='127.0.0.1', silent=False):
        super().__init__(daemon=True)
        self.port, self.n, self.silent = port, n, silent
        self.listener = socket.socket()
        self.listener.bind((host, 0))
        self.listener.listen(1)
        self.at = self.listener.getsockname()[1]
        self.passed = 0

    def run(self):
        client, _ = self.listener.accept()
        server = socket.create_connection(('127.0.0.1', self.port))

        def forth():
            try:
                while data := client.recv(65536):
                    server.sendall(data)
                server.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        threading.Thread(target=forth, daemon=True).start()
        try:
            while data := server.recv(4096):
                data = data[:self.n - self.passed]
                client.sendall(data)
                self.passed += len(data)
                if self.passed >= self.n:
                    break
            for s in (client, server) if not self.silent else ():
                s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def middle(t):
    """The connection ends at every so many bytes: never a snapshot, never "the same"."""
    plain = '/%s?ssl-mode=DISABLED' % DB
    whole = Cut(t.port, 1 << 40)
    whole.start()
    t.right('mysql://root@127.0.0.1:%d%s' % (whole.at, plain))
    whole.join(30)
    check(whole.passed > 2000, 'the proxy has seen it all: %d' % whole.passed)
    for n in [1, 9, 50, 90] + [whole.passed * k // 12 for k in range(1, 12)]:
        cut = Cut(t.port, n)
        cut.start()
        code, out, err = t.snap('diff', t.url, 'mysql://root@127.0.0.1:%d%s' % (cut.at, plain))
        check(code == 5 and not out and ('CONNECTION_LOST' in err or 'CANNOT_OPEN' in err),
              'cut after %d bytes: %d %s%s' % (n, code, out, err))
    silent = Cut(t.port, whole.passed // 2, silent=True)
    silent.start()
    t.wrong('mysql://root@127.0.0.1:%d%s' % (silent.at, plain), 6, 'TIMEOUT', '--statement-timeout',
            options=['--statement-timeout', '300ms'])
    # a host that is not this one has to prove who it is
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect(('192.0.2.1', 9))
            mine = s.getsockname()[0]
        except OSError:
            return
    for extra, good in (('', False), ('?ssl-mode=DISABLED', True)):
        far = Cut(t.port, 1 << 40, mine)
        far.start()
        url = 'mysql://root@%s:%d/%s%s' % (mine, far.at, DB, extra)
        t.right(url) if good else t.wrong(url, 5, 'TLS_FAILED')


def packet(number, data):
    return struct.pack('<I', len(data))[:3] + bytes([number & 255]) + data


OK = b'\0\0\0\2\0\0\0'
CAPABILITIES = 0x000f | 0x0080 | 0x0200 | 0x8000 | 0x00080000 | 0x2000
HELLO = (b'\x0a5.7.1\0' + struct.pack('<I', 7) + b'abcdefgh\0' + struct.pack('<H', CAPABILITIES & 0xffff) + b'\x21' +
         struct.pack('<HH', 2, CAPABILITIES >> 16) + b'\x15' + bytes(10) + b'ijklmnopqrst\0' + b'mysql_native_password\0')
EVIL = b'\x1b]0;evil\x07\x1b[2J\x9b31m\rsnap: all is well\x7f'
COLUMN = b'\3def\0\0\0\1x\0\x0c\x21\0\xff\0\0\0\xfd\0\0\0\0\0'
ROWS_BEGIN = packet(1, b'\1') + packet(2, COLUMN) + packet(3, b'\xfe\0\0\2\0')


class Fake(threading.Thread):
    """A server that says hello and OK to the login, then to each question what `answer(socket, question)` does."""

    def __init__(self, answer, hello=packet(0, HELLO), login=packet(2, OK)):
        super().__init__(daemon=True)
        self.answer, self.hello, self.login, self.got = answer, hello, login, []
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(4)
        self.url = 'mysql://root@127.0.0.1:%d/x?ssl-mode=DISABLED' % self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            s, _ = self.listener.accept()
            s.settimeout(10)
            try:
                s.sendall(self.hello)
                self.got.append(s.recv(65536))
                s.sendall(self.login)
                while data := s.recv(65536):
                    self.got.append(data)
                    self.answer(s, data)
            except OSError:
                pass
            s.close()


def infile(t):
    """A server that asks for a file of ours is told nothing of it."""
    secret = FOLDER + '/secret'
    with open(secret, 'w') as f:
        f.write('TheSecret\n')
    # at the first question, at one that reads the schema, as the login's answer
    for name, fake in (('first', Fake(lambda s, q: s.sendall(packet(1, b'\xfb' + secret.encode())))),
                       ('SELECT', Fake(lambda s, q: s.sendall(packet(1, b'\xfb' + secret.encode() if b'SELECT' in q else OK)))),
                       ('login', Fake(lambda s, q: s.sendall(packet(1, OK)), login=packet(2, b'\xfb' + secret.encode())))):
        for extra in ('', '&allowLoadLocalInfile=true'):
            code, out, err = t.snap('snapshot', fake.url + extra, '--timeout', '3s')
            check(code not in (0, 1) and not out and fake.got and b'TheSecret' not in b''.join(fake.got),
                  'a server that wants a file, %s: %d %s %r' % (name, code, err.strip(), fake.got[:3]))


def cleartext(t):
    """A server that wants the password itself, without TLS, does not get it."""
    fake = Fake(lambda s, q: None, login=packet(2, b'\xfemysql_clear_password\0'))
    code, out, err = t.snap('snapshot', fake.url.replace('root@', 'u:%s@' % (CANARY % 2)).split('?')[0], '--timeout', '5s')
    check(code == 5 and not out and fake.got and b'Canary' not in b''.join(fake.got),
          'a server that wants the password: %d %s %r' % (code, err.strip(), fake.got))


def endless(s, question):
    if b'SELECT' not in question:
        return s.sendall(packet(1, OK))
    s.sendall(ROWS_BEGIN)
    number = 3
    while True:
        many = b''.join(packet(number + i, b'\xfd\0\4\0' + b'x' * 1024) for i in range(1, 65))
        number += 64
        s.sendall(many)


def text(word):
    return b'\xfd' + struct.pack('<I', len(word))[:3] + word


class Schema:
    """Answers as a server with the table t, whose SHOW CREATE TABLE has `rows`, and `again` as many answers."""

    def __init__(self, rows, again=1):
        self.rows, self.again = rows, again

    def __call__(self, s, question):
        asked = [x.strip() for x in question[5:].split(b';') if x.strip()]
        answers = []
        for q in asked:
            known = ((b'SHOW GRANTS', [[b'GRANT ALL PRIVILEGES ON *.* TO `r`@`%`']]), (b"QUOTE(", [[b"'r'@'%'"]]),
                     (b'SELECT table_name, table_type', [[b't', b'BASE TABLE']]), (b'default_character_set_name', [[b'utf8', b'utf8_bin']]),
                     (b'COALESCE(', [[b'NONE']]), (b'SHOW CREATE', self.rows))
            rows = next((r for word, r in known if word in q), [])
            answers += [(len(rows[0]) if rows else 2, rows, b'SET' not in q)] * (self.again if q.startswith(b'SHOW CREATE') else 1)
        number, out = 1, b''
        for i, (columns, rows, has_rows) in enumerate(answers):
            status = struct.pack('<H', 2 | 8 * (i + 1 < len(answers)))
            end = b'\xfe\0\0' + status
            parts = [bytes([columns])] + [COLUMN] * columns + [end] + [b''.join(text(x) for x in r) for r in rows] + [end]
            for part in parts if has_rows else [b'\0\0\0' + status + b'\0\0']:
                out += packet(number, part)
                number += 1
        s.sendall(out)


def hostile(t):
    """Whatever a server says, snap ends by itself, soon, with an error, and the terminal is left as it is."""
    def error(number):
        return b'\xff' + struct.pack('<H', number) + b'#HY000' + EVIL

    def at_select(data):
        return lambda s, q: s.sendall(data if b'SELECT' in q else packet(1, OK))
    create = b'CREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=utf8'
    t.right(Fake(Schema([[b't', create]])).url)
    quiet = at_select(packet(1, OK))
    cases = [('an ERR instead of hello', Fake(quiet, hello=packet(0, b'\xff' + struct.pack('<H', 1040) + EVIL)))]
    cases += [('the ERR %d to the login' % n, Fake(quiet, login=packet(2, error(n)))) for n in (1045, 1049, 1226, 2026, 9999)]
    cases += [('the ERR %d to a question' % n, Fake(at_select(packet(1, error(n))))) for n in (1044, 1142, 1205, 1146, 1317, 3024, 9999)]
    cases += [('a version of escapes', Fake(at_select(packet(1, error(1))), hello=packet(0, HELLO.replace(b'5.7.1', EVIL)))),
              ('noise', Fake(quiet, hello=bytes(range(256)) * 8)),
              ('half a hello', Fake(quiet, hello=packet(0, HELLO[:20]))),
              ('an empty hello', Fake(quiet, hello=packet(0, b''))),
              ('hello of another protocol', Fake(quiet, hello=packet(0, b'\x09' + HELLO[1:]))),
              ('too long a packet', Fake(at_select(b'\xff\xff\xff\1\1'))),
              ('a packet out of order', Fake(at_select(packet(77, b'\1')))),
              ('many columns', Fake(at_select(packet(1, b'\xfe' + b'\xff' * 8)))),
              ('a column of nothing', Fake(at_select(packet(1, b'\1') + packet(2, b'')))),
              ('a name longer than its packet', Fake(at_select(packet(1, b'\1') + packet(2, b'\xfe' + b'\xff' * 8)))),
              ('a value longer than its row', Fake(at_select(ROWS_BEGIN + packet(4, b'\xfd\xff\xff\xff' + b'x' * 9)))),
              ('a value of 2^63 bytes', Fake(at_select(ROWS_BEGIN + packet(4, b'\xfe' + b'\xff' * 7 + b'\x7f')))),
              ('rows of escapes', Fake(at_select(ROWS_BEGIN + packet(4, bytes([len(EVIL)]) + EVIL) + packet(5, b'\xfe\0\0\2\0')))),
              ('a table without a text', Fake(Schema([]))),
              ('a table of one column', Fake(Schema([[b't']]))),
              ('more tables than asked', Fake(Schema([[b't', create]], again=500))),
              ('OK to all questions', Fake(lambda s, q: s.sendall(packet(1, OK))))]
    for name, fake in cases:
        code, out, err = t.snap('snapshot', fake.url, '--timeout', '4s', '--retries', '0')
        check(code in (3, 5, 6) and err.startswith('snap: ') and not out and err.count('\n') < 9 and
              not re.search('[\0-\x09\x0b-\x1f\x7f\x80-\x9f\udc80-\udcff]', err), '%s: %d %r %r' % (name, code, out[:200], err))
    fake, start = Fake(endless), time.monotonic()
    code, out, err = t.snap('snapshot', fake.url, '--timeout', '2s')
    check(code in (3, 6) and not out and time.monotonic() - start < 40, 'endless rows: %d %s' % (code, err))


def locks(t):
    t.sql('CREATE TABLE held (a int); INSERT INTO held WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n '
          'WHERE i < 999) SELECT i FROM n;' + 'INSERT INTO held SELECT * FROM held;' * 2)
    holder = subprocess.Popen(t.command() + ['-e', 'ALTER TABLE held ADD COLUMN g bigint AS (crc32(repeat(a, 4000000))) STORED, '
                                             'ALGORITHM=COPY, LOCK=EXCLUSIVE'], stderr=subprocess.DEVNULL)
    until(lambda: t.sql("SELECT id FROM information_schema.processlist WHERE info LIKE 'ALTER TABLE held%'", db=''))
    time.sleep(0.5)
    t.wrong(t.url, 6, 'BUSY', 'connection', 'root@', options=['--retries', '0'])
    code, _, err = t.snap('snapshot', t.url, '--retries', '0', '--statement-timeout', '200ms')
    check(code == 6 and ('TIMEOUT' in err and '--statement-timeout' in err or 'BUSY' in err), 'too long: %d %s' % (code, err))
    p = t.begin('snapshot', t.url, '--retries', '20')
    others = ("SELECT id FROM information_schema.processlist WHERE db = '%s' AND user = 'root' AND info NOT LIKE 'ALTER%%' "
              'AND id <> connection_id()' % DB)
    until(lambda: t.sql(others, db=''))
    time.sleep(0.5)
    ids = until(lambda: t.sql(others, db='').split())
    check(holder.poll() is None, 'the holder holds')
    for one in ids:
        t.sql('KILL %s' % one, db='')
    out, err = p.communicate(timeout=30)
    check(p.returncode == 5 and err.startswith('snap: CONNECTION_LOST: ') and not out and len(ids) == 1,
          'ended: %d %s %s' % (p.returncode, err, ids))
    p = t.begin('snapshot', t.url, '--retries', '20')
    catches(p, signal.SIGTERM)
    time.sleep(0.5)
    p.send_signal(signal.SIGTERM)
    err = p.communicate(timeout=30)[1]
    check(p.returncode == 143 and 'INTERRUPTED' in err, 'a signal while it waits: %d %s' % (p.returncode, err))
    for one in t.sql("SELECT id FROM information_schema.processlist WHERE info LIKE 'ALTER TABLE held%'", db='').split():
        t.sql('KILL %s' % one, db='')
    holder.wait()
    t.right(t.url)
    t.sql('DROP TABLE held')


def torn(t, seconds=5):
    """Tables and views that come and go, two states: each snapshot is one of them, or TORN."""
    go = ('CREATE TABLE b (i int, y int DEFAULT %d); ALTER TABLE a%d RENAME TO a%d; ALTER TABLE a%d ALTER y SET DEFAULT %d; '
          'CREATE OR REPLACE VIEW w AS SELECT %d; DROP TABLE b;\n')
    t.sql('CREATE TABLE a0 (i int, y int DEFAULT 0); CREATE VIEW w AS SELECT 0')
    known = set()
    for i in range(2):
        for one in (go % (i, i, 1 - i, 1 - i, 1 - i, 1 - i)).split(';')[:-1]:
            known.add(hashlib.sha256(t.right(t.url).encode()).digest())
            t.sql(one)
    stop, pause = threading.Event(), [0.2]
    writer = subprocess.Popen(t.command(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding='utf8')
    fcntl.fcntl(writer.stdin, 1031, 4096)  # F_SETPIPE_SZ: it does not run far ahead

    def write():
        i = 0
        try:
            while not stop.is_set():
                writer.stdin.write(go % (i, i, 1 - i, 1 - i, 1 - i, 1 - i) + 'DO sleep(%f);' % ((0, 0, 0.05, 0.2, pause[0])[int(time.time() * 9) % 5]))
                writer.stdin.flush()
                i = 1 - i
        except OSError:
            pass
    feeder = threading.Thread(target=write, daemon=True)
    feeder.start()
    seen = moved = 0
    start = time.monotonic()
    while time.monotonic() < start + seconds or (not (seen and moved) and time.monotonic() < start + 10 * seconds):
        if time.monotonic() > start + seconds:
            pause[0] = 0 if seen else 2  # a slow machine, or a fast one
        code, out, err = t.snap('snapshot', t.url, '--retries', str(seen % 3))
        if code == 0:
            seen += check(hashlib.sha256(out.encode()).digest() in known, 'a state that never was')
        else:
            moved += check(code == 3 and err.startswith('snap: TORN: ') or code == 6 and 'BUSY' in err, 'moving: %d %s' % (code, err))
    stop.set()
    writer.kill()
    writer.wait()
    check(seen and moved, 'the writer is too slow or too fast: %d right, %d torn' % (seen, moved))


def scratch(t):
    t.sql('DROP DATABASE IF EXISTS snap_test_to; CREATE DATABASE snap_test_to; CREATE TABLE snap_test_to.t (a bigint)', db='')
    old, new = 'snap_scratch_1000000000_1_1', 'snap_scratch_%d_1_1' % (time.time() - 3600)
    t.sql('CREATE DATABASE IF NOT EXISTS %s; CREATE DATABASE %s' % (old, new), db='')
    to = 'mysql://root@%s/snap_test_to' % t.at
    with open(FOLDER + '/snap.yml', 'w') as f:
        f.write('scratch: {mysql: "mysql://root@%s/"}\n' % t.at)
    p = t.begin('changelog', 'empty', to, '-o', 'a.sql')
    err = p.communicate(timeout=60)[1]
    check(p.returncode == 0 and 'proof' in err, 'scratch on a server: %d %s' % (p.returncode, err))
    left = t.sql("SHOW DATABASES LIKE 'snap_scratch%'", db='').split()
    check(new in left and old not in left and not any('_%d_' % p.pid in x for x in left), 'what is left on the server: %s' % left)
    t.sql('DROP DATABASE ' + new, db='')
    with open(FOLDER + '/snap.yml', 'w') as f:
        f.write('scratch: {mysql: "mysql://root@%s/"}\nenvironments:\n  prod: {url: "mysql://root@localhost:%d/x", protected: true}\n' %
                (t.at, t.port))
    code, _, err = t.snap('changelog', 'empty', to, '-o', 'a.sql')
    check(code == 2 and 'PROTECTED' in err, 'a protected server: %d %s' % (code, err))
    os.unlink(FOLDER + '/snap.yml')
    # of the source's flavour, or none
    code, _, err = t.snap('changelog', 'empty', to, '-o', 'b.sql', env={'SNAP_MYSQL_BIN': '/nowhere'})
    check(code == 3 and 'CANNOT_VERIFY' in err and 'SNAP_MYSQL_BIN' in err, 'no binaries: %d %s' % (code, err))
    where = {'SNAP_MYSQL_BIN': '/usr/sbin'}
    code, _, err = t.snap('changelog', 'empty', to, '-o', 'c.sql', env=where)
    if t.mariadb:
        check(code == 0 and 'proof' in err, 'scratch: auto: %d %s' % (code, err))
    else:
        check(code == 3 and 'no server of MySQL' in err, 'MySQL is not proven on MariaDB: %d %s' % (code, err))
    for number in (signal.SIGTERM, signal.SIGKILL):
        p = t.begin('changelog', 'empty', to, '-o', 'd.sql') if t.mariadb else None
        if not p:
            break
        time.sleep(0.7)
        p.send_signal(number)
        p.communicate(timeout=30)
        mine = '/*/snap_scratch_my_*'
        for _ in range(100):
            if not glob.glob('/dev' + mine) and not glob.glob(mine):
                break
            time.sleep(0.1)
        check(not glob.glob('/dev' + mine), 'a private server is left behind after signal %d' % number)


class Small:
    """A MariaDB of our own that makes the names of tables small, in whose files a hand can write."""

    def __init__(self, t):
        account = [x for x in ('mysql', 'nobody') if x in [p.pw_name for p in pwd.getpwall()]][0]
        self.dir = tempfile.mkdtemp(prefix='snap-wrong-', dir='/tmp')
        self.data, self.socket = self.dir + '/data', self.dir + '/s'
        su = []
        if os.getuid() == 0:
            shutil.chown(self.dir, account)
            su = ['setpriv', '--reuid=' + account, '--regid=%d' % pwd.getpwnam(account).pw_gid, '--init-groups']
        subprocess.run(su + ['mariadb-install-db', '--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db',
                             '--datadir=' + self.data], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.dir)
        self.server = subprocess.Popen(su + ['/usr/sbin/mariadbd', '--no-defaults', '--datadir=' + self.data, '--skip-networking', '--socket='
                                             + self.socket, '--lower-case-table-names=1'], stderr=subprocess.DEVNULL, cwd=self.dir)
        self.url = 'mysql://root@localhost/%s?socket=%s' % (DB, self.socket)
        self.client = ['mariadb', '--no-defaults', '--socket=' + self.socket, '-uroot']
        for _ in range(300):
            if subprocess.run(self.client + ['-e', 'SELECT 1'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                break
            time.sleep(0.1)

    def sql(self, text):
        subprocess.run(self.client, input=text, check=True, encoding='utf8')

    def end(self):
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def names(t, small):
    """Names that differ in case alone, where one server does not heed case."""
    mixed = 'CREATE DATABASE %s; USE %s; CREATE TABLE Parent (Id int PRIMARY KEY); CREATE VIEW Upper AS SELECT Id FROM Parent;' % ('%s', '%s')
    other = 'snap_test_to'
    t.sql('DROP DATABASE IF EXISTS %s; ' % other + mixed % (other, other), db='')
    small.sql(mixed % (DB, DB))
    here = 'mysql://root@%s/%s' % (t.at, other)
    for a, b in ((here, small.url), (small.url, here)):
        for args in (['diff', a, b], ['changelog', a, b, '--no-verify', '-o', '-'], ['diff', a, b, '--quiet']):
            code, out, err = t.snap(*args)
            check(code == 3 and err.startswith('snap: CANNOT_COMPARE: ') and 'lower_case_table_names is' in err and
                  re.search('(?i)parent here is parent there', err) and not out, '%s: %d %s%s' % (args, code, err, out))
    t.snap('snapshot', small.url, '-o', 'small.json')
    t.snap('snapshot', here, '-o', 'here.json')
    code, out, err = t.snap('diff', 'here.json', 'small.json')
    check(code == 3 and 'CANNOT_COMPARE' in err, 'snapshots: %d %s%s' % (code, out, err))
    code, out, err = t.snap('diff', 'small.json', small.url)
    check(code == 0, 'one server: %d %s%s' % (code, out, err))
    t.sql('RENAME TABLE Parent TO parent, Upper TO upper; CREATE OR REPLACE VIEW upper AS SELECT Id FROM parent', db=other)
    code, out, err = t.snap('diff', here, small.url)
    check(code == 0, 'small names: %d %s%s' % (code, out, err))


def damaged(t, small):
    """Files of a view, of a table, of triggers that the server cannot read: an error, with the name."""
    small.sql('USE %s; CREATE TRIGGER tr BEFORE INSERT ON parent FOR EACH ROW SET NEW.Id = 1; '
              'CREATE VIEW v AS SELECT id FROM parent; CREATE VIEW w AS SELECT id FROM v' % DB)
    whole = t.right(small.url)
    for file, name, change in (('v.frm', 'view v', lambda x: re.sub(rb'query=.*', b'query=selec `\x1b[31m', x)),
                               ('v.frm', 'v.frm', lambda x: x[:40]), ('v.frm', 'v.frm', lambda x: b''), ('v.frm', 'v.frm', lambda x: b'\0\xff\x1b' * 99),
                               ('parent.frm', 'parent.frm', lambda x: b'\1\2\3' * 99), ('parent.TRG', 'triggers', lambda x: x[:60])):
        path = '%s/%s/%s' % (small.data, DB, file)
        with open(path, 'rb') as f:
            was = f.read()
        with open(path, 'wb') as f:
            f.write(change(was))
        small.sql('FLUSH TABLES')
        for args in (['snapshot', small.url], ['diff', small.url, 'small.json']):
            code, out, err = t.snap(*args)
            check(code == 5 and name in err and not out and '\x1b' not in err, '%s: %d %s%s' % (file, code, err, out))
        with open(path, 'wb') as f:
            f.write(was)
        small.sql('FLUSH TABLES')
    # what can still be parsed up to its name is read as it stands
    with open('%s/%s/parent.TRG' % (small.data, DB), 'r+b') as f:
        text = f.read().replace(b'SET NEW', b'SETT NEW')
        f.seek(0)
        f.write(text)
    small.sql('FLUSH TABLES')
    check('trigger:tr' in t.right(small.url) and t.right(small.url) != whole, 'a trigger that does not parse is there')


def alone(t):
    if not t.mariadb:
        return
    small = Small(t)
    try:
        names(t, small)
        damaged(t, small)
    finally:
        small.end()


def main():
    program = os.path.abspath(sys.argv[1])
    urls = ([sys.argv[sys.argv.index('--server') + 1]] if '--server' in sys.argv else
            [os.environ[x] for x in ('SNAP_TEST_MYSQL_URL', 'SNAP_TEST_MARIADB_URL')])
    try:
        for url in urls:
            t = Test(program, url)
            t.sql('DROP DATABASE IF EXISTS %s; CREATE DATABASE %s; DROP USER IF EXISTS snap_test_reader;'
                  "CREATE USER snap_test_reader IDENTIFIED BY '%s'" % (DB, DB, CANARY % 0), db='')
            t.sql('CREATE TABLE t (a int PRIMARY KEY, b text); CREATE VIEW v AS SELECT a FROM t; CREATE PROCEDURE p() SELECT 1;'
                  'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1; CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO SET @a = 1;')
            for part in (doors, jdbc, odd_names, full_disk, mute, tls, middle, infile, cleartext, hostile, locks, torn, scratch, alone):
                part(t)
            t.sql('DROP DATABASE %s; DROP DATABASE snap_test_to; DROP USER snap_test_reader' % DB, db='')
        for i in range(3):
            check(not any(CANARY % i in x for x in SAID), 'a password is shown: ' + CANARY % i)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print('mysql wrong input: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


main()
