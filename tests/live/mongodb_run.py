"""What tests with the scripted server of MongoDB share: the program, its runs, and the place of tests/mongodb."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../mongodb'))
SNAP = os.path.abspath(sys.argv[1])


def run(*words, folder=None):
    """Exit status, and all that is said."""
    r = subprocess.run([SNAP, *words], cwd=folder, capture_output=True, text=True, timeout=120, env=dict(os.environ, NO_COLOR='1'))
    return r.returncode, r.stdout + r.stderr
