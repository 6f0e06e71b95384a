"""Importing this makes pymongo importable: what is not installed comes from PyPI into build/pymongo
(SNAP_PYMONGO_CACHE), once."""
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGE = 'pymongo==4.15.4'

if importlib.util.find_spec('pymongo') is None:
    cache = os.environ.get('SNAP_PYMONGO_CACHE') or os.path.join(ROOT, 'build', 'pymongo')
    if not os.path.isdir(cache):
        os.makedirs(os.path.dirname(cache), exist_ok=True)
        new = tempfile.mkdtemp(prefix='pymongo.', dir=os.path.dirname(cache))
        os.chmod(new, 0o755)
        subprocess.run([sys.executable, '-m', 'venv', new + '/venv'], check=True, stdout=sys.stderr)
        subprocess.run([new + '/venv/bin/pip', 'install', '-q', '--disable-pip-version-check', '--target',
                        new + '/all', PACKAGE], check=True, stdout=sys.stderr, timeout=300)
        try:
            os.rename(new + '/all', cache)
        except OSError:  # another run was first
            pass
        shutil.rmtree(new)
    sys.path.insert(0, cache)
