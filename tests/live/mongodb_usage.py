#!/usr/bin/env python3
"""What a user types against MongoDB: environments, snapshots, changelogs with their proof; and what
he is told where the server is away, does not answer, wants TLS or another password, or a key is pressed.

usage: mongodb_usage.py SNAP    SNAP_TEST_MONGODB_URL names the server, SNAP_TEST_MONGODB_DIR what it lies in.
"""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
from replay import Replay  # noqa: E402
import with_pymongo  # noqa: E402,F401
import pymongo  # noqa: E402
from moments import catches, until  # noqa: E402
from ports import free_port, listens  # noqa: E402

SNAP = os.path.abspath(sys.argv[1])
URL = os.environ.get('SNAP_TEST_MONGODB_URL') or sys.exit('mongodb_usage: SNAP_TEST_MONGODB_URL names no server')
DIR = os.environ.get('SNAP_TEST_MONGODB_DIR')
HERE = os.path.dirname(os.path.abspath(__file__))
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith('SNAP_')}
COUNT = {'checks': 0, 'failed': 0}
PASSWORD = 'c4n:ry/@%'
ENCODED = 'c4n%3Ary%2F%40%25'
HINTS = '''environments:
  prod:
    url: "%(prod)s"
  dev:
    url: "%(dev)s"
  who:
    url: "%(who)s"
    password_env: WHO_PASSWORD
scratch: { mongodb: "%(scratch)s" }
'''


def say(ok, text):
    COUNT['checks'] += 1
    if not ok:
        COUNT['failed'] += 1
        print('FAILED: ' + text)


def snap(folder, *words, want=0, told=(), **env):
    """Runs it, looks at the exit status and at what is told; gives both outputs."""
    r = subprocess.run([SNAP, *words], cwd=folder, env={**CLEAN, 'NO_COLOR': '1', **env}, capture_output=True, text=True,
                       timeout=60)
    text = r.stdout + r.stderr
    where = '%s: exit %d\n%s' % (' '.join(words), r.returncode, text)
    say(r.returncode == want and all(t in text for t in told), where)
    say('c4n' not in text, 'the password is told: ' + where)
    say(all(x.startswith(('snap: ', '      ')) for x in r.stderr.splitlines()) or want in (0, 1), 'words of others: ' + where)
    return text


def place(database, options=''):
    base, query = URL.split('/?', 1)
    return '%s/%s?%s%s' % (base, database, query, options)


def scratches(client, process=''):
    """Those of a process, or all."""
    return [n for n in client.list_database_names() if n.startswith('snap_scratch_') and '_%s' % process in n]


def make(client):
    for name in ('use_prod', 'use_dev'):
        client.drop_database(name)
        db = client[name]
        db.create_collection('users', validator={'$jsonSchema': {
            'bsonType': 'object', 'required': ['email'], 'properties': {'email': {'bsonType': 'string'}}}})
        db.users.create_index([('email', 1)], unique=True, name='email_1')
        db.create_collection('orders')
    client.use_prod.command('create', 'adults', viewOn='users', pipeline=[{'$match': {'age': {'$gte': 18}}}])
    client.use_prod.orders.create_index([('user', 1), ('placed', -1)], name='user_placed')
    client.use_dev.create_collection('refunds')


def everyday(folder, client):
    snap(folder, 'snapshot', 'prod', '-o', 'a.json')
    snap(folder, 'snapshot', place('use_prod'), '-o', 'b.json')
    a, b = (open(os.path.join(folder, n), encoding='utf-8').read().splitlines() for n in ('a.json', 'b.json'))
    say(a[1:] == b[1:] and len(a) == 7, 'two snapshots of one database differ')
    snap(folder, 'diff', 'prod', 'a.json')
    snap(folder, 'diff', 'dev', 'prod', want=1, told=('+ view adults', '- collection refunds', '+ index  user_placed'))
    snap(folder, 'changelog', 'dev', 'prod', '-o', 'c.yaml', told=('proof: 3 steps', '3 collections with documents'))
    snap(folder, 'changelog', 'empty', 'prod', '-o', 'e.yaml', told=('proof: 5 steps',))
    snap(folder, 'verify', 'e.yaml', '--from', 'empty', '--to', 'prod')
    snap(folder, 'explain', 'dev', 'prod', told=('drop collection refunds', 'about 0 documents'))
    snap(folder, 'env', 'grants', 'prod', told=('listCollections', 'use_prod'))
    say(not scratches(client), 'scratch databases stay: %s' % scratches(client))
    # nothing is proved without a server for it, nor what it cannot do
    with open(os.path.join(folder, 'none.yml'), 'w', encoding='utf-8') as f:
        f.write('environments:\n  prod:\n    url: "%s"\n' % place('use_prod'))
    snap(folder, '--config', 'none.yml', 'changelog', 'empty', 'prod', '-o', 'n.yaml', want=3,
         told=('CANNOT_VERIFY', 'scratch: { mongodb:'))


def databases(folder):
    snap(folder, 'snapshot', place(''), want=2, told=('BAD_VALUE', 'names no database', 'use_dev', 'use_prod'))
    snap(folder, 'snapshot', place('use_prd'), want=5, told=('CANNOT_OPEN', 'did you mean use_prod?'))
    snap(folder, 'snapshot', place('use_prod', '&tlsCAFiel=x'), want=2, told=('UNKNOWN_URL_KEY', 'tlsCAFile?'))


def away(folder):
    at = 'mongodb://app:%s@127.0.0.1:1/x' % ENCODED
    snap(folder, 'snapshot', at, want=5, told=('CANNOT_OPEN', 'Connection refused'))
    snap(folder, 'snapshot', 'mongodb://app:%s@nohost.invalid/x' % ENCODED, want=5, told=('CANNOT_OPEN', 'nohost.invalid'))
    snap(folder, 'snapshot', 'mongodb+srv://app:%s@no.host.invalid/x' % ENCODED, want=5, told=('CANNOT_OPEN', 'DNS'))
    snap(folder, 'snapshot', 'mongodb://%2Ftmp%2Fno.sock/x', want=5, told=('CANNOT_OPEN', 'No such file'))
    snap(folder, 'snapshot', 'mongodb://app:c4n@ry@127.0.0.1:1/x', want=2, told=('BAD_VALUE', 'the password holds @'))
    with socket.create_server(('127.0.0.1', 0)) as mute:
        began = time.monotonic()
        snap(folder, 'snapshot', 'mongodb://127.0.0.1:%d/x' % mute.getsockname()[1], '--connect-timeout', '300ms', want=5,
             told=('does not answer', '--connect-timeout'))
        snap(folder, 'snapshot', 'mongodb://127.0.0.1:%d/x' % mute.getsockname()[1], '--timeout', '300ms', want=6, told=('TIMEOUT',))
        say(time.monotonic() - began < 20, 'a server that is mute is waited for longer than was said')


def pressed(folder, client):
    """A signal ends it at once, wherever it waits; the scratch database goes."""
    for rule in ({'command': 'hello', 'hang': True}, {'command': 'listIndexes', 'nth': 20, 'hang': True}):
        with Replay(generate='50x2', rules=[rule]) as server:
            p = subprocess.Popen([SNAP, 'snapshot', server.url('app'), '-o', 'x.json'], cwd=folder, env=CLEAN,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            catches(p, signal.SIGINT)
            time.sleep(0.3)
            began = time.monotonic()
            p.send_signal(signal.SIGINT)
            p.communicate(timeout=20)
            say(p.returncode == 130 and time.monotonic() - began < 15, 'interrupted at %s: exit %d' % (rule, p.returncode))
            say(not os.path.exists(os.path.join(folder, 'x.json')), 'half a snapshot')
    p = subprocess.Popen([SNAP, 'changelog', 'empty', 'prod', '-o', 'p.yaml'], cwd=folder, env=CLEAN,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    until(lambda: scratches(client, p.pid) or p.poll() is not None, pause=0.01)
    p.send_signal(signal.SIGINT)
    p.communicate(timeout=20)
    say(p.returncode == 130, 'interrupted in the proof: exit %d' % p.returncode)
    say(not scratches(client, p.pid), 'interrupted in the proof: %s stays' % scratches(client))


def torn(folder):
    with Replay(generate='5x1', rules=[{'command': 'listCollections', 'grow': 'new'}]) as server:
        snap(folder, 'snapshot', server.url('app'), '-o', 'x.json', '--retries', '2', want=3, told=('TORN',))


def members(folder):
    """A replica set of which one member is away: the client library would wait for itself."""
    hello = {'isWritablePrimary': False, 'secondary': True, 'setName': 'rs0', 'hosts': ['127.0.0.1:1'], 'minWireVersion': 0,
             'maxWireVersion': 21, 'helloOk': True}
    with Replay(generate='1x1', rules=[{'command': 'hello', 'reply': hello}]) as server:
        snap(folder, 'snapshot', server.url('app', options='replicaSet=rs0'), want=5, told=('CANNOT_OPEN', '127.0.0.1:1'))
        snap(folder, 'snapshot', server.url('app', options='replicaSet=other'), want=5, told=('CANNOT_OPEN', 'another name'))


def certificates(folder):
    """An authority, and a certificate of it for 127.0.0.1."""
    def openssl(*words):
        subprocess.run(['openssl', *words], cwd=folder, check=True, capture_output=True)
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=authority',
            '-keyout', 'ca.key', '-out', 'ca.pem')
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=server', '-keyout', 'server.key',
            '-out', 'server.csr')
    with open(os.path.join(folder, 'san'), 'w', encoding='utf-8') as f:
        f.write('subjectAltName=IP:127.0.0.1\n')
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2', '-extfile', 'san', '-out', 'server.pem')
    for name in ('server.key', 'server.pem'):
        os.chmod(os.path.join(folder, name), 0o644)


def second(*options):
    subprocess.run([os.path.join(HERE, '../servers'), 'ferretdb', DIR, *options], check=True)


def by_tls_and_password(folder, client):
    os.chmod(folder, 0o755)
    certificates(folder)
    tls, auth = free_port(), free_port()
    second('--no-auth', '--listen-addr=-', '--listen-tls=127.0.0.1:%d' % tls, '--listen-tls-cert-file=%s/server.pem' % folder,
           '--listen-tls-key-file=%s/server.key' % folder)
    second('--listen-addr=127.0.0.1:%d' % auth)
    for name in ('app',):
        try:
            client.admin.command('dropUser', name)
        except pymongo.errors.OperationFailure:
            pass
        client.admin.command('createUser', name, pwd=PASSWORD, roles=[{'role': 'readAnyDatabase', 'db': 'admin'}])
    listens(tls)
    listens(auth)
    at = 'mongodb://127.0.0.1:%d/use_prod?' % tls
    whole = os.path.join(folder, 'a.json')
    snap(folder, 'diff', whole, at + 'tls=true&tlsCAFile=ca.pem')
    snap(folder, 'diff', whole, at + 'tlsInsecure=true')
    snap(folder, 'diff', whole, 'mongodb://localhost:%d/use_prod?tls=true&tlsCAFile=ca.pem&tlsAllowInvalidHostnames=true' % tls)
    snap(folder, 'snapshot', at + 'tls=true', want=5, told=('TLS_FAILED', 'tlsCAFile'))
    snap(folder, 'snapshot', at + 'tls=true&tlsCAFile=none.pem', want=5, told=('TLS_FAILED', 'cannot be read'))
    snap(folder, 'snapshot', 'mongodb://localhost:%d/use_prod?tls=true&tlsCAFile=ca.pem' % tls, want=5, told=('TLS_FAILED',))
    snap(folder, 'snapshot', at[:-1], want=5, told=('CANNOT_OPEN', 'tls=true'))
    snap(folder, 'snapshot', place('use_prod', '&tls=true'), want=5, told=('TLS_FAILED', 'tls=false'))
    with open(os.path.join(folder, 'who.yml'), 'w', encoding='utf-8') as f:
        f.write(HINTS % {'prod': place('use_prod'), 'dev': place('use_dev'), 'scratch': place(''),
                         'who': 'mongodb://app@127.0.0.1:%d/use_prod?authSource=admin' % auth})
    snap(folder, '--config', 'who.yml', 'diff', whole, 'who', WHO_PASSWORD=PASSWORD)
    snap(folder, '--config', 'who.yml', 'snapshot', 'who', want=5, told=('ACCESS_DENIED', 'app'), WHO_PASSWORD='c4nother')
    at = '127.0.0.1:%d/use_prod' % auth
    snap(folder, 'diff', whole, 'mongodb://app:%s@%s?authSource=admin' % (ENCODED, at))
    snap(folder, 'snapshot', 'mongodb://app@%s' % at, want=2, told=('no password', 'password_env'))
    snap(folder, 'snapshot', 'mongodb://%s' % at, want=5, told=('ACCESS_DENIED', 'names no user'))
    snap(folder, 'snapshot', 'mongodb://nobody:c4nary@%s?authSource=admin' % at, want=5, told=('ACCESS_DENIED',))


def main():
    client = pymongo.MongoClient(URL)
    make(client)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'snap.yml'), 'w', encoding='utf-8') as f:
            f.write(HINTS % {'prod': place('use_prod'), 'dev': place('use_dev'), 'who': place('x'), 'scratch': place('')})
        everyday(folder, client)
        databases(folder)
        away(folder)
        pressed(folder, client)
        torn(folder)
        members(folder)
        if DIR:
            by_tls_and_password(folder, client)
        else:
            say(False, 'SNAP_TEST_MONGODB_DIR is not set: nothing is tried by TLS and with a password')
    print('mongodb_usage: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return 1 if COUNT['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
