#!/usr/bin/env python3
"""Changelogs that were proven and then changed: snap verify must refuse each and name the changeSet.

usage: altered.py SNAP GOLDEN_DIR [--count N] [--seed N] [--keep DIR]
       [--engine sqlite]
A changeSet is dropped, swapped with another, stands twice, or one of its statements, ahead or back, is
changed, taken away or given to another. What the change does is judged by an observer that is not
snap: it runs the changelog and its rollback, statement by statement. One that does and undoes the same
as before is no mutation, and is not counted. Each other must be refused twice: with the two schemas
alone (exit 4, or 3 where it is no changelog any more), and with the evidence of the proof; both times
the message begins with the changeSet: the one that was changed, one of the two that were swapped.
"""
import argparse
import copy
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import changelog_runs  # noqa: E402

NAMED = re.compile(r'changeSet (\S+)')
WORDS = {'INTEGER': 'TEXT', 'integer': 'text', 'TEXT': 'INTEGER', 'text': 'integer', 'REAL': 'TEXT', 'int': 'text',
         'UNIQUE': '', 'NOT NULL': '', 'DESC': 'ASC', 'STRICT': '', 'CASCADE': 'RESTRICT', 'bigint': 'integer',
         'varchar': 'char', 'numeric': 'integer', 'AFTER': 'BEFORE', 'STORED': 'VIRTUAL', 'NOCASE': 'RTRIM'}


def edits(text, rnd):
    """Other texts: a type or word, a literal, a name."""
    found = []
    for word, other in WORDS.items():
        found += [(m.span(), other) for m in re.finditer(r'\b%s\b' % word, text)]
    found += [(m.span(), str(int(m.group()) + 1)) for m in re.finditer(r'(?<![\w.])\d{1,4}(?![\w.])', text)]
    found += [(m.span(), "'%sz'" % m.group(1)) for m in re.finditer(r"'(\w+)'", text)]
    found += [(m.span(), m.group() + 'q') for m in re.finditer(r'\b[a-z_]{2,12}\b', text)]
    rnd.shuffle(found)
    for (a, b), other in found[:4]:
        yield text[:a] + other + text[b:]


def statements(changes):
    """Where texts of statements lie in a list of changes: (dictionary, key)."""
    for change in changes:
        for kind, body in change.items():
            for key in ('sql', 'command', 'selectQuery', 'indexName', 'viewName', 'tableName', 'procedureText'):
                if isinstance(body, dict) and isinstance(body.get(key), str):
                    yield body, key


def altered(log, i, side, rnd):
    """Mutations of the statements of one side of changeSet i, as (what, changelog)."""
    changes = log[i]['changeSet'].get(side)
    if not isinstance(changes, list) or not changes:
        return
    places = list(statements(changes))
    which = rnd.randrange(len(places)) if places else 0
    for n in range(3 if places else 0):
        new = copy.deepcopy(log)
        body, key = list(statements(new[i]['changeSet'][side]))[which]
        texts = list(edits(body[key], rnd))
        if n < len(texts):
            body[key] = texts[n]
            yield '%s: %s' % (side, texts[n][:60]), new
    new = copy.deepcopy(log)
    gone = rnd.randrange(len(changes))
    del new[i]['changeSet'][side][gone]
    if side == 'changes' or new[i]['changeSet'][side]:
        yield '%s: statement %d is gone' % (side, gone + 1), new
    if side == 'rollback':
        new = copy.deepcopy(log)
        new[i]['changeSet']['rollback'] = 'empty'
        yield 'rollback: empty', new


def mutations(log, rnd):
    """(what, ids that may be named, changelog) for each way to spoil a list of changeSets."""
    ids = [item['changeSet']['id'] for item in log]
    out = []
    for i in range(len(log)):
        out.append(('dropped', {ids[i]}, log[:i] + log[i + 1:]))
        out.append(('stands twice', {ids[i]}, log[:i + 1] + [copy.deepcopy(log[i])] + log[i + 1:]))
        again = copy.deepcopy(log[i])
        again['changeSet']['id'] = 'copy-' + ids[i]
        out.append(('stands twice under another id', {'copy-' + ids[i]}, log[:i + 1] + [again] + log[i + 1:]))
        for side in ('changes', 'rollback'):
            out += [(what, {ids[i]}, new) for what, new in altered(log, i, side, rnd)]
        for k in range(i + 1, len(log)):
            new = list(log)
            new[i], new[k] = new[k], new[i]
            out.append(('swapped', {ids[i], ids[k]}, new))
            mixed = copy.deepcopy(log)
            a, b = mixed[i]['changeSet'], mixed[k]['changeSet']
            a['rollback'], b['rollback'] = b.get('rollback'), a.get('rollback')
            if a['rollback'] is not None and b['rollback'] is not None:
                out.append(('rollbacks swapped', {ids[i], ids[k]}, mixed))
    rnd.shuffle(out)
    return out


class Judge:
    def __init__(self, snap, folder, keep):
        self.snap, self.folder, self.keep = snap, folder, keep
        self.count = {'mutations': 0, 'refused': 0, 'equivalent': 0, 'cases': 0}
        self.kinds = {}

    def run(self, *args):
        r = subprocess.run([self.snap, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=300)
        return r.returncode, r.stderr.decode('utf8', 'replace')

    def refuses(self, file, sides, names, evidence):
        """'' when the changelog is refused and the right changeSet named."""
        args = ['verify', file, '--from', sides.old, '--to', sides.new, *sides.options]
        code, said = self.run(*args, *(['--evidence-check', evidence] if evidence else []))
        named = NAMED.search(said)
        if code != 4 and not (code == 3 and 'CHANGELOG_FOREIGN' in said):
            return 'exit %d: %s' % (code, said.strip()[:300])
        if evidence and 'EVIDENCE_MISMATCH' not in said and code != 3:
            return 'no EVIDENCE_MISMATCH: ' + said.strip()[:300]
        if not named or named.group(1).rstrip(':,') not in names:
            return 'names %s, not %s: %s' % (named and named.group(1), '/'.join(names), said.strip()[:300])
        return ''

    def one(self, sides, wanted, what, names, log):
        file = os.path.join(self.folder, 'mutated.json')
        with open(file, 'w') as f:
            json.dump({'databaseChangeLog': log}, f)
        if sides.same(wanted, sides.observe(log)):
            self.count['equivalent'] += 1
            return False
        self.count['mutations'] += 1
        kind = what.split(':')[0]
        bad = [self.refuses(file, sides, names, ev) for ev in (None, sides.evidence)]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if not any(bad):
            self.count['refused'] += 1
            return True
        for ev, why in zip(('', ' with its evidence'), bad):
            if why:
                print('FAILED %s: %s of %s%s: %s' % (sides.name, what, '/'.join(names), ev, why))
        if self.keep:
            os.makedirs(self.keep, exist_ok=True)
            to = os.path.join(self.keep, '%s-%d' % (sides.name.replace('/', '-'), self.count['mutations']))
            shutil.copy(file, to + '.json')
        return True

    def case(self, sides, share, rnd):
        """Up to `share` mutations of one proven changelog; how many there were."""
        file, sides.evidence = (os.path.join(self.folder, n) for n in ('proven.json', 'proven.evidence.json'))
        code, said = self.run('changelog', sides.old, sides.new, '-f', 'liquibase-json', '-o', file,
                              '--evidence', sides.evidence, *sides.options)
        if code:
            return 0
        with open(file) as f:
            log = json.load(f)['databaseChangeLog']
        if not log or not sides.can_run(log):
            return 0
        wanted = sides.observe(log)
        if not wanted or not changelog_runs.does_and_undoes(wanted):
            return 0
        code, said = self.run('verify', file, '--from', sides.old, '--to', sides.new, '--evidence-check',
                              sides.evidence, *sides.options)
        if code:
            print('FAILED %s: what was proven is refused: %s' % (sides.name, said.strip()[:300]))
            self.count['mutations'] += 1
            return 1
        self.count['cases'] += 1
        done = 0
        for what, names, new in mutations(log, rnd):
            if done >= share:
                break
            done += self.one(sides, wanted, what, names, new)
        return done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('snap')
    parser.add_argument('golden')
    parser.add_argument('--count', type=int, default=60)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--engine', action='append')
    parser.add_argument('--only', default='')
    parser.add_argument('--keep')
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix='snap-mutations-')
    judge = Judge(os.path.abspath(args.snap), folder, args.keep)
    rnd = random.Random(args.seed)
    try:
        engines = args.engine or ['sqlite']
        for number, engine in enumerate(engines):
            want = args.count * (number + 1) // len(engines) - judge.count['mutations']
            with changelog_runs.pairs(engine, args.golden, folder, args.only) as pairs:
                rnd.shuffle(pairs)
                left = len(pairs)
                for sides in pairs:
                    share = max(2, -(-want // max(1, left // 2)))
                    if want > 0:
                        with sides:
                            want -= judge.case(sides, min(share, want), rnd)
                    left -= 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    c = judge.count
    print('mutations: ' + ', '.join('%s %d' % (k, judge.kinds[k]) for k in sorted(judge.kinds)))
    good = c['refused'] == c['mutations'] and c['mutations'] >= args.count
    print('mutations: %d of %d refused by name, wanted %d; %d changelogs, %d that change nothing' % (
        c['refused'], c['mutations'], args.count, c['cases'], c['equivalent']))
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
