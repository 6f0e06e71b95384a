"""The scripted MongoDB server (replay.c) for tests: built when it is older than its sources, started
with a fixture, ended with the block.

    with Replay(fixture=doc, rules=[...]) as server:
        server.url('app')
"""
import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SOURCES = [os.path.join(HERE, name) for name in ('replay.c', 'answer.c', 'store.c', 'wire.c')]
HEADERS = [os.path.join(HERE, name) for name in ('answer.h', 'store.h', 'wire.h')]


def pkg_config(what):
    return subprocess.run(['pkg-config', what, 'libbson-1.0'], check=True, capture_output=True, text=True).stdout.split()


def program():
    """Path of the server's program."""
    folder = os.path.join(ROOT, os.environ.get('BUILD', 'build'), 'replay')
    path = os.path.join(folder, 'replay')
    newest = max(os.path.getmtime(name) for name in SOURCES + HEADERS)
    if not os.path.exists(path) or os.path.getmtime(path) < newest:
        os.makedirs(folder, exist_ok=True)
        made = '%s.%d' % (path, os.getpid())
        subprocess.run([os.environ.get('CC', 'cc'), '-std=c11', '-D_DEFAULT_SOURCE', '-O1', '-g', '-Wall', '-Wextra',
                        '-Werror', '-I' + ROOT, '-include', os.path.join(ROOT, 'core/banned.h'), '-o', made, *SOURCES,
                        *[c.replace('-I', '-isystem') for c in pkg_config('--cflags')], *pkg_config('--libs')],
                       check=True)
        os.rename(made, path)
    return path


class Replay:
    """A server. `fixture`: a document, or None with `generate` ('10x5'); `rules`, `far`: see replay.c."""

    def __init__(self, fixture=None, rules=(), generate=None, change=0, far=0):
        self.folder = tempfile.TemporaryDirectory(prefix='snap-replay-')
        self.log = os.path.join(self.folder.name, 'log')
        words = [program(), '--log', self.log, '--far', str(far)]
        if fixture is not None:
            # not among the words, of which none may be long
            fixture, rules = {**fixture, 'rules': [*fixture.get('rules', ()), *rules]}, ()
            path = os.path.join(self.folder.name, 'fixture.json')
            with open(path, 'w', encoding='utf-8') as f:
                json.dump(fixture, f)
            words += ['--fixture', path]
        else:
            words += ['--generate', generate or '0x0', '--change', str(change)]
        for rule in rules:
            words += ['--rule', json.dumps(rule)]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            raise SystemExit('replay: the server does not start')
        self.port = int(line)

    def url(self, database='app', user='', options='directConnection=true'):
        """`user`: 'name:password', which go to the server by PLAIN, in clear."""
        if user:
            options += '&authMechanism=PLAIN&authSource=$external'
        return 'mongodb://%s127.0.0.1:%d/%s?%s' % (user + '@' if user else '', self.port, database, options)

    def calls(self):
        """[(number of the connection, command, database, target)], in the order of arrival."""
        with open(self.log, encoding='utf-8') as f:
            return [(int(n), *rest.split(' ', 2)) for n, rest in
                    (line.rstrip('\n').split(' ', 1) for line in f)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()
