#!/usr/bin/env python3
"""What snap says when a PostgreSQL server, a URL or a role is not what it should be: exit status, stable
name, reason and hint; and that no password is ever shown. Starts a server of its own.

usage: postgresql_wrong.py SNAP
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from moments import catches, until
from ports import free_port

SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers')
CANARY = 'Canary%d'
CHECKS = FAILED = 0
FOLDER = tempfile.mkdtemp(prefix='snap-wrong-')
SAID = []  # everything that any run has printed


def check(ok, text):
    global CHECKS, FAILED
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: ' + text, flush=True)
    return ok


class Test:
    def __init__(self, program):
        self.program = program
        self.env = {'PATH': os.environ['PATH'], 'HOME': FOLDER, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '')}
        self.port = free_port()
        self.where = os.path.join(FOLDER, 'server')
        os.chmod(FOLDER, 0o711)
        self.url = subprocess.run([SERVERS, 'postgresql', self.where, str(self.port)], check=True,
                                  stdout=subprocess.PIPE).stdout.decode().strip()
        self.at = '127.0.0.1:%d' % self.port

    def psql(self, text, db='postgres'):
        r = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', 'postgresql://postgres@%2F' + self.where.strip('/').replace('/', '%2F') + ':%d/' % self.port + db],
                           input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
        if r.returncode:
            sys.exit('%s\n%s' % (text, r.stderr))
        return r.stdout

    def ask(self, text, db='postgres'):
        return self.psql('\\pset tuples_only\n\\pset format unaligned\n' + text, db).split('\n')[-2]

    def reload(self):
        """Until new sessions have the settings that are in the files now."""
        before = self.ask('SELECT pg_conf_load_time();')
        self.psql('SELECT pg_reload_conf()')
        check(until(lambda: self.ask('SELECT pg_conf_load_time();') != before), 'the settings are not read')

    def snap(self, *args, env=None, timeout=60):
        r = subprocess.run([self.program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FOLDER,
                           stdin=subprocess.DEVNULL, env={**self.env, **(env or {})}, timeout=timeout,
                           encoding='utf8', errors='surrogateescape')
        SAID.append(r.stdout + r.stderr)
        return r.returncode, r.stdout, r.stderr

    def wrong(self, url, status, name, *words, env=None, options=()):
        code, out, err = self.snap('snapshot', url, *options, env=env)
        check(code == status and err.startswith('snap: %s: ' % name) and not out and
              all(w in err for w in words), '%s: %d %s' % (url, code, err.strip()))

    def right(self, url, env=None, options=()):
        code, out, err = self.snap('snapshot', url, *options, env=env)
        check(code == 0 and out.startswith('{"snap":1') and not err, '%s: %d %s' % (url, code, err.strip()))

    def close(self):
        subprocess.run([SERVERS, 'stop', self.where], check=False)
        shutil.rmtree(FOLDER, ignore_errors=True)


def urls(t):
    d = t.where.strip('/').replace('/', '%2F')
    for url in ('postgresql://postgres@%s/app' % t.at, 'postgres://postgres@localhost:%d/app' % t.port,
                'postgresql://postgres@%%2F%s:%d/app' % (d, t.port), 'postgresql://postgres@/app?host=%s&port=%d' % (t.where, t.port),
                'postgresql://%%70ostgres@%s/%%61pp' % t.at, 'postgresql://postgres@127.0.0.1:1,%s/app' % t.at,
                'jdbc:postgresql://%s/app?user=postgres' % t.at, 'postgresql://postgres@%s/a%%3D%%22b' % t.at):
        t.right(url)
    libpq = {'PGHOST': '127.0.0.1', 'PGPORT': str(t.port), 'PGUSER': 'postgres', 'PGDATABASE': 'app'}
    t.right('postgresql://', env=libpq)
    t.right('postgresql:///app', env=libpq)
    with open(FOLDER + '/service.conf', 'w') as f:
        f.write('[here]\nhost=127.0.0.1\nport=%d\nuser=postgres\ndbname=app\n' % t.port)
    t.right('postgresql:///?service=here', env={'PGSERVICEFILE': FOLDER + '/service.conf'})
    t.wrong('postgresql://postgres@%s/app?sslmod=x' % t.at, 2, 'UNKNOWN_URL_KEY', 'did you mean sslmode?')
    for pair, word in (('sslmode=verfy-full', 'did you mean verify-full?'), ('sslmode', 'disable,allow'),
                       ('connect_timeout=soon', 'whole number'), ('target_session_attrs=writer', 'read-write')):
        t.wrong('postgresql://postgres@%s/app?%s' % (t.at, pair), 2, 'BAD_VALUE', pair.split('=')[0], word)
    t.right('postgresql://postgres@%s/app?sslmode=prefer&connect_timeout=9&sslsni=1' % t.at)
    t.wrong('postgresql://u:%s?x@h/app' % (CANARY % 1), 2, 'BAD_VALUE', '%3F')
    t.wrong('postgresql://%s/app?user=a%%00b' % t.at, 2, 'BAD_VALUE', 'NUL')
    t.wrong('postgresql://postgres@%s/app' % t.at, 2, 'BAD_VALUE', '--connect-timeout', options=['--connect-timeout', 'soon'])
    t.wrong('postgresql://postgres@%s/app' % t.at, 2, 'BAD_VALUE', '--retries', options=['--retries', '-1'])


def doors(t):
    t.wrong('postgresql://postgres@127.0.0.1:%d/app' % free_port(), 5, 'CANNOT_OPEN', 'refused', 'psql')
    t.wrong('postgresql://postgres@%s/nothing' % t.at, 5, 'CANNOT_OPEN', '"nothing" does not exist', 'psql -l')
    t.wrong('postgresql://nobody@%s/app' % t.at, 5, 'ACCESS_DENIED', 'role "nobody" does not exist')
    t.wrong('postgresql://postgres@nowhere.invalid/app', 5, 'CANNOT_OPEN', 'nowhere.invalid')
    t.wrong('postgresql://postgres@%2Fnowhere/app', 5, 'CANNOT_OPEN', '/nowhere')
    t.wrong('postgresql://reader:%s@%s/app' % (CANARY % 2, t.at), 5, 'ACCESS_DENIED', 'password authentication failed')
    t.wrong('postgresql://reader@%s/app' % t.at, 5, 'ACCESS_DENIED', 'no password', 'password_env')
    t.right('postgresql://reader:%s@%s/app' % (CANARY % 0, t.at))
    t.right('jdbc:postgresql://%s/app?user=reader&password=%s' % (t.at, CANARY % 0))
    t.right('postgresql://reader@%s/app' % t.at, env={'PGPASSWORD': CANARY % 0})
    with open(FOLDER + '/.pgpass', 'w') as f:
        f.write('127.0.0.1:*:*:reader:%s\n' % (CANARY % 0))
    os.chmod(FOLDER + '/.pgpass', 0o600)
    t.right('postgresql://reader@%s/app' % t.at)
    os.rename(FOLDER + '/.pgpass', FOLDER + '/passwords')
    t.right('postgresql://reader@%s/app' % t.at, env={'PGPASSFILE': FOLDER + '/passwords'})
    os.unlink(FOLDER + '/passwords')
    t.psql('REVOKE CONNECT ON DATABASE app FROM PUBLIC')
    t.wrong('postgresql://reader:%s@%s/app' % (CANARY % 0, t.at), 5, 'ACCESS_DENIED', 'GRANT CONNECT')
    t.psql('GRANT CONNECT ON DATABASE app TO PUBLIC; ALTER ROLE reader CONNECTION LIMIT 0')
    t.wrong('postgresql://reader:%s@%s/app' % (CANARY % 0, t.at), 5, 'CANNOT_OPEN', 'too many connections', '--retries')
    t.psql('ALTER ROLE reader CONNECTION LIMIT -1')
    # somebody who accepts and says nothing
    with socket.socket() as deaf:
        deaf.bind(('127.0.0.1', 0))
        deaf.listen(5)
        start = time.monotonic()
        mute = 'postgresql://postgres@127.0.0.1:%d' % deaf.getsockname()[1]
        t.wrong(mute + '/app', 5, 'CANNOT_OPEN', 'does not answer', options=['--connect-timeout', '500ms'])
        check(time.monotonic() - start < 20, 'it waits for 500 ms, not for 30 s')
        t.wrong(mute + '/app', 6, 'TIMEOUT', options=['--timeout', '300ms'])
        t.right(mute + ',%s/app?connect_timeout=2' % t.at)
        p = subprocess.Popen([t.program, 'snapshot', mute + '/app'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=t.env,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        catches(p, signal.SIGINT)
        time.sleep(0.5)
        p.send_signal(signal.SIGINT)
        err = p.communicate(timeout=20)[1]
        check(p.returncode == 130 and b'INTERRUPTED' in err, 'a signal while it connects: %d %r' % (p.returncode, err))


def config(t):
    def one(keys, status, *words, env=None):
        with open(FOLDER + '/snap.yml', 'w') as f:
            f.write('environments:\n  prod: {url: "postgresql://reader@%s/app", %s}\n' % (t.at, keys))
        os.chmod(FOLDER + '/snap.yml', 0o644)
        code, out, err = t.snap('snapshot', 'prod', env=env)
        check(code == status and all(w in err for w in words), '%s: %d %s' % (keys, code, err.strip()))

    with open(FOLDER + '/pw', 'w') as f:
        f.write(CANARY % 0 + '\nsecond line\n')
    one('password_env: PW', 0, env={'PW': CANARY % 0})
    one('password_env: PW', 2, 'CONFIG_SECRET')
    one('password_file: pw', 0)
    one('password_file: none', 2, 'CONFIG_SECRET', 'none')
    one('password_command: [cat, pw]', 0)
    one('password_command: cat pw', 2, 'CONFIG_SECRET', 'without a shell')
    one('password_command: [sh, -c, "cat pw; exit 1"]', 2, 'CONFIG_SECRET')
    one('password_command: ["true"]', 2, 'CONFIG_SECRET', 'gives no password')
    one('password: x', 2, 'CONFIG_KEY')
    with open(FOLDER + '/snap.yml', 'w') as f:
        f.write('environments:\n  prod: {url: "postgresql://%s/app?user=reader&password=%s"}\n' % (t.at, CANARY % 0))
    os.chmod(FOLDER + '/snap.yml', 0o644)
    code, _, err = t.snap('snapshot', 'prod')
    check(code == 2 and 'CONFIG_SECRET' in err, 'a password that others may read: %d %s' % (code, err))
    os.chmod(FOLDER + '/snap.yml', 0o600)
    for command in (['snapshot', 'prod'], ['env', 'list'], ['env', 'test', 'prod'], ['--debug', 'snapshot', 'prod'],
                    ['env', 'grants', 'prod'], ['-v', 'diff', 'empty', 'prod', '-f', 'json'],
                    ['changelog', 'empty', 'prod', '--no-verify', '--allow-lossy', '-o', 'all.yaml']):
        code, _, err = t.snap(*command)
        check(code in (0, 1), '%s: %d %s' % (command, code, err))
    os.unlink(FOLDER + '/snap.yml')


def tls(t):
    t.wrong('postgresql://postgres@%s/app?sslmode=require' % t.at, 5, 'TLS_FAILED', 'does not support SSL')
    data = t.where + '/data/'
    for name in ('server', 'other'):
        subprocess.run(['openssl', 'req', '-new', '-x509', '-days', '2', '-nodes', '-subj', '/CN=localhost', '-addext',
                        'subjectAltName=DNS:localhost', '-keyout', data + name + '.key', '-out', data + name + '.crt'],
                       check=True, stderr=subprocess.DEVNULL)
        os.chmod(data + name + '.key', 0o600)
        if os.getuid() == 0:
            shutil.chown(data + name + '.key', 'postgres')
    shutil.copy(data + 'server.crt', FOLDER + '/root.crt')
    shutil.copy(data + 'other.crt', FOLDER + '/other.crt')
    t.psql('ALTER SYSTEM SET ssl = on')
    t.reload()
    by_name = 'postgresql://postgres@localhost:%d/app?sslmode=' % t.port
    t.right(by_name + 'require')
    t.right(by_name + 'verify-full&sslrootcert=%s/root.crt' % FOLDER)
    t.wrong(by_name + 'verify-full', 5, 'TLS_FAILED', 'root.crt')
    t.wrong(by_name + 'verify-full&sslrootcert=%s/other.crt' % FOLDER, 5, 'TLS_FAILED', 'certificate')
    t.wrong('postgresql://postgres@%s/app?sslmode=verify-full&sslrootcert=%s/root.crt' % (t.at, FOLDER), 5, 'TLS_FAILED',
            'does not match')
    t.right('postgresql://postgres@%s/app?sslmode=verify-ca&sslrootcert=%s/root.crt' % (t.at, FOLDER))


class Cut(threading.Thread):
    """A proxy that ends the connection when the server has said n bytes."""

    def __init__(self, port, n):
        super().__init__(daemon=True)
        self.port, self.n = port, n
        self.listener = socket.socket()
        self.listener.bind(('127.0.0.1', 0))
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
            for s in (client, server):
                s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def middle(t):
    """The connection ends at every so many bytes: never a snapshot, never "the same"."""
    whole = Cut(t.port, 1 << 40)
    whole.start()
    plain = '/app?sslmode=disable'
    t.right('postgresql://postgres@127.0.0.1:%d%s' % (whole.at, plain))
    whole.join(30)
    all_of_it = whole.passed
    check(all_of_it > 2000, 'the proxy has seen it all: %d' % all_of_it)
    for n in [1, 9, 50, 200, 330, 400] + [all_of_it * k // 12 for k in range(1, 12)]:
        cut = Cut(t.port, n)
        cut.start()
        code, out, err = t.snap('diff', t.url + '/app', 'postgresql://postgres@127.0.0.1:%d%s' % (cut.at, plain))
        check(code == 5 and not out and ('CONNECTION_LOST' in err or 'CANNOT_OPEN' in err),
              'cut after %d bytes: %d %s%s' % (n, code, out, err))


def waiting(t):
    """How many sessions of snap wait for a lock."""
    return t.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'snap' AND wait_event_type = 'Lock';")


def locks(t):
    holder = subprocess.Popen(['psql', '-X', '-q', t.url + '/app'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              encoding='utf8', env={**os.environ, 'PGAPPNAME': 'the holder'})
    holder.stdin.write('BEGIN; LOCK TABLE public.held; \\echo ready\n')
    holder.stdin.flush()
    holder.stdout.readline()
    t.wrong('postgresql://postgres@%s/app' % t.at, 6, 'BUSY', 'public.held', 'the holder', options=['--retries', '0'])
    for limits in (['--timeout', '2500ms'], ['--timeout', '4s', '--retries', '9'], ['--statement-timeout', '1s']):
        t.wrong('postgresql://postgres@%s/app' % t.at, 6, 'BUSY', 'public.held is locked by process', 'the holder',
                'query of 2', 'UTC', options=limits)
    done = threading.Timer(1, lambda: (holder.stdin.write('COMMIT;\n'), holder.stdin.flush()))
    done.start()
    t.right('postgresql://postgres@%s/app' % t.at)
    holder.stdin.write('BEGIN; LOCK TABLE pg_catalog.pg_description; \\echo ready\n')
    holder.stdin.flush()
    holder.stdout.readline()
    t.wrong('postgresql://postgres@%s/app' % t.at, 6, 'BUSY', 'pg_description', options=['--retries', '0'])
    t.wrong('postgresql://postgres@%s/app' % t.at, 6, 'BUSY', 'pg_description',
            options=['--retries', '0', '--statement-timeout', '1s'])
    # our session is ended while it waits
    p = subprocess.Popen([t.program, 'snapshot', 'postgresql://postgres@%s/app' % t.at], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=t.env, encoding='utf8')
    until(lambda: waiting(t) == '1')
    t.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'snap'")
    out, err = p.communicate(timeout=30)
    check(p.returncode == 5 and err.startswith('snap: CONNECTION_LOST: ') and not out, 'ended: %d %s' % (p.returncode, err))
    p = subprocess.Popen([t.program, 'snapshot', 'postgresql://reader:%s@%s/app' % (CANARY % 0, t.at)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=t.env, encoding='utf8')
    until(lambda: waiting(t) == '1')
    with open('/proc/%d/cmdline' % p.pid) as f:
        title = f.read()
    check(CANARY % 0 not in title and 'reader:***' in title, 'the process title: %r' % title)
    p.send_signal(signal.SIGTERM)
    err = p.communicate(timeout=30)[1]
    check(p.returncode == 143 and 'INTERRUPTED' in err, 'a signal while it waits: %d %s' % (p.returncode, err))
    holder.stdin.write('COMMIT;\n')
    holder.stdin.close()
    holder.wait()


def odd(t):
    names = ['q"' * 31 + 'x', "a'\\b", 'two\nlines', '\x1b[31mred', '\u202edoc', '${x} %s', 'é' * 31]
    for n in names:
        t.psql('CREATE TABLE public."%s" ("%s" integer); COMMENT ON TABLE public."%s" IS $c$%s$c$;' %
               ((n.replace('"', '""'),) * 3 + (n,)), 'app')
    code, out, err = t.snap('diff', 'empty', 'postgresql://postgres@%s/app' % t.at)
    check(code == 1 and not any(c in out for c in '\x1b\u202e'), 'names on a terminal: %d' % code)
    t.right('postgresql://postgres@%s/app' % t.at)
    # other encodings
    t.psql("CREATE DATABASE l1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    t.psql("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    t.psql("SET client_encoding = 'UTF8'; CREATE TABLE t (a text DEFAULT 'é'); COMMENT ON TABLE t IS 'é'", 'l1')
    code, out, err = t.snap('snapshot', 'postgresql://postgres@%s/l1' % t.at)
    check(code == 0 and '"comment":"é"' in out, 'LATIN1: %d %s' % (code, err))
    t.psql("SET client_encoding = 'SQL_ASCII'; CREATE TABLE t (a integer); CREATE TABLE u (a integer);"
           "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE t IS ''' || convert_from('\\x41e9'::bytea, 'SQL_ASCII') || ''''; END $$", 'ascii')
    code, out, err = t.snap('snapshot', 'postgresql://postgres@%s/ascii' % t.at)
    check(code == 3 and 'NOT_UNDERSTOOD' in err and not out, 'SQL_ASCII: %d %s' % (code, err))


def main():
    program = os.path.abspath(sys.argv[1])
    t = Test(program)
    try:
        t.psql('CREATE DATABASE app TEMPLATE template0')
        t.psql('CREATE DATABASE "a=""b" TEMPLATE template0')
        t.psql("CREATE ROLE reader LOGIN PASSWORD '%s'" % (CANARY % 0))
        t.psql('CREATE TABLE public.held (a integer); CREATE VIEW public.v AS SELECT a FROM public.held;'
               "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', password '%s');"
               % (CANARY % 3), 'app')
        hba = t.where + '/data/pg_hba.conf'
        with open(hba) as f:
            text = f.read()
        with open(hba, 'w') as f:
            f.write('host all reader 127.0.0.1/32 scram-sha-256\n' + text)
        t.reload()
        for part in (urls, doors, config, tls, middle, locks, odd):
            part(t)
        for i in range(4):
            check(not any(CANARY % i in x for x in SAID), 'a password is shown: ' + CANARY % i)
        with open(FOLDER + '/all.yaml') as f:
            check('Canary' not in f.read(), 'a password is in a changelog')
    finally:
        t.close()
    print('postgresql wrong input: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED else 0)


main()
