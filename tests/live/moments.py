"""Waiting until something is so, in place of sleeping for as long as it mostly takes: a slow or busy machine is waited
for, and a quick one is not held up."""
import re
import time


def until(happens, seconds=60, pause=0.02):
    """What happens() gives as soon as that is true; what it gave last where the time is over."""
    end = time.monotonic() + seconds
    while True:
        got = happens()
        if got or time.monotonic() > end:
            return got
        time.sleep(pause)


def catches(process, number, seconds=60):
    """Waits until a program that was just started handles a signal itself, or has ended."""
    def now():
        try:
            with open('/proc/%d/status' % process.pid) as f:
                caught = int(re.search(r'^SigCgt:\s+(\w+)', f.read(), re.M).group(1), 16)
        except (OSError, AttributeError):
            caught = 0
        return caught >> (number - 1) & 1 or process.poll() is not None
    return until(now, seconds)


def runs(pid):
    """Whether a process is there, and is not one that has ended and is only not waited for."""
    try:
        with open('/proc/%s/stat' % pid) as f:
            return f.read().rpartition(')')[2].split()[0] not in ('Z', 'X')
    except OSError:
        return False


def ended(pids, seconds=30):
    """Those that run on when that time is over."""
    until(lambda: not any(map(runs, pids)), seconds)
    return [p for p in pids if runs(p)]
