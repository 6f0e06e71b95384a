"""Pairs of schemas there and back through the real Liquibase.

For each pair, both ways: update, and the observer finds the wanted state with the rows kept; rollback
of one changeSet after the other, and after each it finds the state that was there before it; update
again. Once with foreign keys enforced and once without.
"""
import os

import observer
import pairs
import schemas
import tools

AT_LEAST = 150

SEEDS = range(1, 19)
# The rows do not allow the change: its own check or the engine's says so.
BY_ROWS = ('snap: ', 'constraint failed', 'CONSTRAINT', 'cannot store', 'datatype mismatch', 'MISMATCH')


class Case:
    """A pair, one way, with what snap makes of it."""

    def __init__(self, snap, folder, name, before, after, renames=()):
        os.makedirs(folder)
        self.name, self.folder = name, folder
        self.empty = tools.build(folder + '/empty.db', before)
        self.filled = tools.build(folder + '/filled.db', before, fill=True)
        b = tools.build(folder + '/b.db', after)
        self.log = folder + '/diff.yaml'
        more = [w for r in renames for w in ('--rename', r)]
        self.error = snap.changelog(self.empty, b, self.log, *more)
        self.a, self.b = observer.see(self.empty), observer.see(b)
        self.n = 0 if self.error else tools.count_sets(self.log)
        self.renames = renames


def kept(case, rows):
    """Rows of what stands on both sides: tables of one name, columns of one name and type."""
    both = {}
    for table, (n, columns) in rows.items():
        in_a, in_b = (lowered(seen).get(table) for seen in (case.a, case.b))
        if in_a and in_b:
            both[table] = n, {c: v for c, v in columns.items() if in_a.get(c) == in_b.get(c, ())}
    return both


def lowered(seen):
    return {k[1].lower(): {c[0]: c[1] for c in v} for k, v in seen.items() if k[0] == 'columns'}


class Trip:
    """A case on one database with one version: forward, back, forward. why() is '' or what is wrong."""

    def __init__(self, lb, case, keys, source):
        self.lb, self.case, self.keys = lb, case, keys
        self.db = tools.copy(source, '%s/%s.db' % (case.folder, lb.version))
        self.rows = observer.rows(self.db)
        self.states = [case.a]

    def tool(self, command, **arguments):
        return self.lb.on(command, self.db, self.case.log, self.keys, **arguments)

    def is_at(self, state, what):
        gone = observer.differences(observer.see(self.db), state)
        return '%s: %s' % (what, gone) if gone else ''

    def step_up(self):
        """One changeSet after the other; what each leaves is kept."""
        for _ in range(self.case.n):
            why = self.tool('updateCount', count=1)
            if why:
                return why
            self.states.append(observer.see(self.db))
        return ''

    def step_down(self):
        for left in range(self.case.n - 1, -1, -1):
            why = self.tool('rollbackCount', count=1) or self.is_at(self.states[left], 'not back')
            if why:
                return 'rollback to %d of %d: %s' % (left, self.case.n, why)
        return ''

    def forward(self, stepwise):
        """'' or the error, with what Liquibase said of it in front."""
        why = self.step_up() if stepwise else self.tool('update')
        if why:
            return 'update: ' + why
        gone = '' if self.case.renames else observer.lost(self.rows, observer.rows(self.db))
        return ('lost ' + gone if gone else '') or self.is_at(self.case.b, 'wrong')

    def full_back(self):
        why = self.tool('rollbackCount', count=self.case.n)
        return 'rollback of all: ' + why if why else self.is_at(self.case.a, 'not back from all')

    def kept_rows(self):
        gone = observer.lost(kept(self.case, self.rows), observer.rows(self.db))
        return 'lost on the way back: ' + gone if gone else ''

    def why(self, stepwise):
        if not stepwise:
            return (self.forward(False) or self.full_back() or self.kept_rows() or
                    self.forward(False))
        return (self.forward(True) or self.step_down() or self.kept_rows() or self.forward(False) or
                self.full_back() or self.kept_rows() or self.forward(False))


def judge(lb, case, keys):
    """'' or what is wrong. Stepwise without foreign keys, at once with them."""
    trip = Trip(lb, case, keys, case.filled)
    why = trip.why(stepwise=not keys)
    if not any(w in why for w in BY_ROWS):
        return why
    # A step that the rows stop has changed nothing; the rest is seen on empty tables.
    done = tools.query(trip.db, 'select count(*) from DATABASECHANGELOG')[0][0]
    states = trip.states + [case.b] * (done == case.n and not len(trip.states) > done)
    if done < len(states) and (done == 0 or not keys):
        gone = trip.is_at(states[done], 'the rows stopped it, which changed something')
        if gone:
            return gone + ': ' + why
    return Trip(lb, case, keys, case.empty).why(stepwise=not keys)


def make_cases(checks, snap, folder):
    pairs_of_all = [('pair %d' % seed, *pairs.pair(seed), ()) for seed in SEEDS]
    pairs_of_all += [(name, *pair, ()) for name, pair in schemas.PAIRS.items()]
    cases = []
    for number, (name, x, y, renames) in enumerate(pairs_of_all):
        for way, p in (('', (x, y)), (', reverse', (y, x))):
            cases.append(Case(snap, '%s/%d%s' % (folder, number, way[2:]), name + way, *p))
    for number, (name, (x, y, renames)) in enumerate(schemas.RENAMES.items()):
        cases.append(Case(snap, '%s/r%d' % (folder, number), name, x, y, renames))
    for case in cases:  # what cannot be planned is a failure, too
        checks.check(not case.error, 'round trip %s: snap' % case.name, case.error)
    return [c for c in cases if not c.error]


def run(checks, lb, cases):
    for case in cases:
        for keys in (False, True):
            why = judge(lb, case, keys)
            checks.check(not why, 'round trip %s, Liquibase %s, foreign keys %s' % (
                case.name, lb.version, 'on' if keys else 'off'), why)


def finish(checks, cases, accept):
    stopped = sum(case.n == 0 for case in cases)
    checks.check(stopped * 10 <= len(cases), 'round trips: pairs without a change', stopped)
