#!/usr/bin/env python3
"""TLS and passwords on a real server (FerretDB's own): what is right gives the snapshot, what is wrong ends
with the named error of it, and a password stands on no output.

usage: mongodb_secure.py SNAP

Starts a server of its own (tests/servers), since it needs more than one port of it.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'mongodb'))
import observe  # noqa: E402
from ports import free_port, listens  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
SERVERS = os.path.join(ROOT, 'tests', 'servers')
PASSWORD = 'canary@p:s/w#d%&?'
FAILED = CHECKS = 0


def check(ok, what, seen=''):
    global FAILED, CHECKS
    CHECKS += 1
    if not ok:
        FAILED += 1
        print('FAILED: %s: %s' % (what, seen))


def certificate(folder, name):
    """A key and a certificate that signs itself, for localhost; gives the paths."""
    key, cert = os.path.join(folder, name + '.key'), os.path.join(folder, name + '.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], check=True, capture_output=True)
    os.chmod(key, 0o644)  # the server runs by another account
    return key, cert


def snapshot(url):
    """(exit status, whether a snapshot came, all that was said)"""
    r = subprocess.run([SNAP, 'snapshot', url, '--debug', '--connect-timeout', '5s'], stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=60, text=True)
    return r.returncode, '"collection:things"' in r.stdout, r.stdout + r.stderr


def right(what, url):
    rc, came, said = snapshot(url)
    check(rc == 0 and came, what, 'exit %d: %s' % (rc, said))
    quiet(what, said)


def wrong(what, url, word, status=5):
    rc, came, said = snapshot(url)
    check(rc == status and not came and 'snap: ' in said and word in said, what, 'exit %d: %s' % (rc, said))
    quiet(what, said)


def quiet(what, said):
    for spelling in (PASSWORD, urllib.parse.quote(PASSWORD, safe=''), urllib.parse.quote(PASSWORD, safe='').lower(), 'canary'):
        check(spelling not in said, what + ': the password is on no output', said)


def start(folder, *options):
    subprocess.run([SERVERS, 'ferretdb', folder, *options], check=True)


def judge(folder, top):
    plain, auth, tls = free_port(), free_port(), free_port()
    url = subprocess.run([SERVERS, 'mongodb', folder, str(plain)], check=True, capture_output=True, text=True).stdout.strip()
    server = observe.Server(url)
    server.run('admin', {'createUser': 'reader', 'pwd': PASSWORD, 'roles': [{'role': 'readAnyDatabase', 'db': 'admin'}]})
    server.run('app', {'create': 'things', 'validator': {'a': 1}})
    key, cert = certificate(folder, 'own')
    _, other = certificate(folder, 'other')
    start(folder, '--listen-addr=127.0.0.1:%d' % auth)
    start(folder, '--listen-addr=-', '--listen-tls=127.0.0.1:%d' % tls, '--listen-tls-cert-file=' + cert,
          '--listen-tls-key-file=' + key)
    listens(auth)
    listens(tls)
    me = 'mongodb://reader:%s@' % urllib.parse.quote(PASSWORD, safe='')
    more = 'authSource=admin&directConnection=true'
    by_tls = me + 'localhost:%d/app?%s&tls=true' % (tls, more)
    right('no password where none is asked for', server.of('app'))
    right('a password', me + '127.0.0.1:%d/app?%s' % (auth, more))
    right('SCRAM-SHA-256 by name', me + '127.0.0.1:%d/app?%s&authMechanism=SCRAM-SHA-256' % (auth, more))
    right('TLS', by_tls + '&tlsCAFile=' + cert)
    right('TLS, whose certificate is not looked at', by_tls + '&tlsAllowInvalidCertificates=true')
    wrong('another password', me.replace('canary', 'canary0') + '127.0.0.1:%d/app?%s' % (auth, more), 'ACCESS_DENIED')
    wrong('another user', me.replace('reader', 'writer') + '127.0.0.1:%d/app?%s' % (auth, more), 'ACCESS_DENIED')
    wrong('no user', 'mongodb://127.0.0.1:%d/app?directConnection=true' % auth, 'ACCESS_DENIED')
    wrong('a password as it is', 'mongodb://reader:%s@127.0.0.1:%d/app' % (PASSWORD, auth), 'BAD_VALUE', 2)
    wrong('TLS, signed by nobody', by_tls, 'certificate')
    wrong('TLS, signed by another', by_tls + '&tlsCAFile=' + other, 'certificate')
    wrong('TLS, for another host', by_tls.replace('localhost', '127.0.0.1') + '&tlsCAFile=' + cert, 'certificate')
    wrong('TLS without its file', by_tls + '&tlsCAFile=' + os.path.join(top, 'none.pem'), 'TLS_FAILED')
    wrong('no TLS where it is spoken', me + '127.0.0.1:%d/app?%s' % (tls, more), 'tls=true')
    wrong('TLS where it is not spoken', me + '127.0.0.1:%d/app?%s&tls=true' % (auth, more), 'TLS_FAILED')


def main():
    top = tempfile.mkdtemp()
    os.chmod(top, 0o755)
    folder = os.path.join(top, 'server')
    try:
        judge(folder, top)
    finally:
        if os.path.isdir(folder):
            subprocess.run([SERVERS, 'stop', folder])
        shutil.rmtree(top)
    print('mongodb secure: %d checks, %d failed' % (CHECKS, FAILED))
    sys.exit(1 if FAILED or not CHECKS else 0)


if __name__ == '__main__':
    main()
