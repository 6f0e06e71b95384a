#!/usr/bin/env python3
"""snap verify holds a changelog that somebody has edited against the schemas: of each pair, what snap wrote
passes; a changeSet that is gone, moved, changed, or whose rollback is changed, is found and named.

usage: postgresql_verify.py SNAP GOLDEN      SNAP_TEST_POSTGRESQL_URL names the server. The last line counts.
"""
import os
import re
import subprocess
import sys
import tempfile

import postgresql as judge

COUNT = {'checks': 0, 'failed': 0}
MARK = '- changeSet:\n'


def gone(title):
    """Without that changeSet."""
    return lambda sets: [s for s in sets if title not in s]


def first(title):
    """With that changeSet before all others."""
    return lambda sets: [s for s in sets if title in s] + [s for s in sets if title not in s]


def other(title, old, new, back=False):
    """With other words in what that changeSet does, or undoes."""
    def edit(sets):
        out = []
        for s in sets:
            head, word, tail = s.partition('    rollback:\n')
            if title in s:
                assert old in (tail if back else head), (old, s)
                head, tail = (head, tail.replace(old, new)) if back else (head.replace(old, new), tail)
            out.append(head + word + tail)
        return out
    return edit


# pair, and per edit: what is done, and what the error must hold: words, or the id of the changeSet of a title
PAIRS = {
    '01-tables': [
        (gone('"create table public.fresh"'), ['relation "public.fresh" does not exist']),
        (first('"create primary key public.fresh.fresh_pkey"'), ['"create primary key public.fresh.fresh_pkey"']),
        (other('"change column public.orders.note"', 'ALTER TABLE', 'COMMENT ON TABLE'),
         ['"change column public.orders.note"']),
        (other('"add column public.customers.since"', 'DROP COLUMN since', 'ALTER COLUMN since DROP NOT NULL', True),
         ['"add column public.customers.since"', 'undoing', 'column public.customers.since is still there']),
    ],
    '42-bodies': [
        (gone('"create function public.z2(text)"'), ['z2']),
        (other('"create function public.z2(text)"', 'length(a) > 0', 'length(a) > 1'), ['public.z2(text)']),
    ],
    '43-identity-serial': [
        (gone('"create owned by of public.u_id_seq"'), ['owned by of public.u_id_seq']),
        (first('"add default of public.u.id"'), ['"add default of public.u.id"']),
        (other('"change sequence public.y_id_seq"', 'ALTER SEQUENCE', 'COMMENT ON SEQUENCE', True),
         ['"change sequence public.y_id_seq"', 'undoing']),
    ],
}


def id_of(sets, title):
    return re.search(r'id: "([^"]*)"', [s for s in sets if title in s][0])[1]


def snap(*args):
    r = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return r.returncode, (r.stdout + r.stderr).decode('utf8', 'replace')


def check(ok, text):
    COUNT['checks'] += 1
    if not ok:
        COUNT['failed'] += 1
        print('FAILED: ' + text, flush=True)


def one_pair(program, server, golden, name, edits):
    for side in ('from', 'to'):
        server.make('snap_test_verify', judge.read(golden, name, side + '.sql'))
        code, text = snap(program, 'snapshot', server.url + '/snap_test_verify', '-o', side + '.json')
        check(code == 0, '%s: snapshot: %s' % (name, text))
    code, text = snap(program, 'changelog', 'from.json', 'to.json', '-o', 'good.yaml', '--no-verify')
    check(code == 0, '%s: changelog: %s' % (name, text))
    verify = [program, 'verify', 'edited.yaml', '--from', 'from.json', '--to', 'to.json']
    with open('good.yaml', encoding='utf8', newline='') as f:
        head, *sets = f.read().split(MARK)
    for i, (edit, words) in enumerate([(list, [])] + edits):
        edited = edit(sets)
        check(i == 0 or edited != sets, '%s: edit %d changes nothing' % (name, i))
        with open('edited.yaml', 'w', encoding='utf8', newline='') as f:
            f.write(head + ''.join(MARK + s for s in edited))
        code, text = snap(*verify)
        if not i:
            check(code == 0 and 'reaches to.json' in text, '%s: as it was written: exit %d: %s' % (name, code, text))
            continue
        check(code == 4 and 'VERIFY_FAILED' in text, '%s: edit %d: exit %d: %s' % (name, i, code, text))
        for word in [id_of(sets, w) if w.startswith('"') else w for w in words]:
            check(word in text, '%s: edit %d: <%s> is not named: %s' % (name, i, word, text))


def main():
    program, golden = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    server = judge.Server(os.environ['SNAP_TEST_POSTGRESQL_URL'], '')
    with tempfile.TemporaryDirectory(prefix='snap-pg-verify-') as folder:
        os.chdir(folder)
        for name, edits in PAIRS.items():
            one_pair(program, server, golden, name, edits)
        os.chdir('/')
    server.drop('snap_test_verify')
    print('postgresql verify: %d checks, %d failed' % (COUNT['checks'], COUNT['failed']))
    return COUNT['failed'] > 0


if __name__ == '__main__':
    sys.exit(main())
