"""A user at a shell."""
import os
import pty
import select
import subprocess

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHOP = os.path.join(os.path.dirname(TESTS), 'examples')


class User:
    """Has snap and yq in a folder of PATH; types() runs a line in a folder."""

    def __init__(self, build, bin):
        os.makedirs(bin)
        self.bin = bin
        os.symlink(os.path.abspath(os.environ.get('SNAP', os.path.join(build, 'snap'))), bin + '/snap')
        os.symlink(os.path.join(build, 'yq', 'yq'), bin + '/yq')

    def environment(self):
        keep = {k: v for k, v in os.environ.items() if not k.startswith(('SNAP_', 'GIT_', 'LC_', 'LANG'))}
        return dict(keep, PATH=self.bin + ':' + keep.get('PATH', '/usr/bin:/bin'))

    def types(self, line, folder, env=None):
        """(exit status, standard output, standard error)"""
        r = subprocess.run(['sh', '-c', line], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=120, start_new_session=True,
                           env=self.environment() if env is None else env)
        return r.returncode, r.stdout.decode('utf8', 'replace'), r.stderr.decode('utf8', 'replace')

    def at_terminal(self, line, folder):
        """(exit status, all that the terminal shows) with a pager that marks its lines."""
        master, slave = pty.openpty()
        env = dict(self.environment(), TERM='xterm', PAGER="sed 's/^/paged: /'", COLUMNS='100')
        for name in ('NO_COLOR', 'CLICOLOR', 'LESS'):
            env.pop(name, None)
        p = subprocess.Popen(['sh', '-c', line], cwd=folder, stdin=slave, stdout=slave, stderr=slave, env=env,
                             start_new_session=True)
        os.close(slave)
        shown = b''
        while select.select([master], [], [], 60)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(master)
        return p.wait(60), shown.decode('utf8', 'replace')

    def must(self, checks, line, folder, want=0, env=None):
        """Types it; the exit status is a check. Gives both outputs."""
        rc, out, err = self.types(line, folder, env)
        checks.check(rc == want, '%s: exit status %d' % (line, want), 'it was %d: %s%s' % (rc, out, err))
        return out, err
