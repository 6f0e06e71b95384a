"""The count of a test's checks: one that fails is told at once, and the last line says how many there were."""


class Counted:
    def __init__(self, name):
        self.name, self.checks, self.failed = name, 0, 0

    def check(self, good, what, more=''):
        self.checks += 1
        if not good:
            self.failed += 1
            print('FAILED: %s %s' % (what, more), flush=True)
        return good

    def end(self, before=''):
        """The last line; gives the exit status."""
        print('%s: %s%d checks, %d failed' % (self.name, before, self.checks, self.failed))
        return 1 if self.failed else 0
