"""A folder in which a test works: its files, its databases of SQLite, and the count of its checks."""
import os
import shutil
import sqlite3
import tempfile

from counted import Counted


def clean(**more):
    """The environment without what steers snap, a client, git or a proxy."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(('SNAP_', 'PG', 'GIT_')) and k != 'SOURCE_DATE_EPOCH'
            and not k.lower().endswith('_proxy')}
    return {**kept, 'LC_ALL': 'C', 'TERM': 'dumb', **more}


class Folder(Counted):
    def __init__(self, name):
        super().__init__(name)
        self.path = tempfile.mkdtemp(prefix='snap-%s-' % name.replace(' ', '-'))

    def at(self, name):
        return os.path.join(self.path, name)

    def put(self, name, text, mode=0o644):
        with open(self.at(name), 'w', encoding='utf8') as f:
            f.write(text)
        os.chmod(self.at(name), mode)

    def text(self, name):
        with open(self.at(name), encoding='utf8') as f:
            return f.read()

    def sql(self, name, *statements):
        """Statements for a database, which is made where there is none."""
        db = sqlite3.connect(self.at(name))
        for s in statements:
            db.execute(s)
        db.commit()
        db.close()

    def database(self, name, script):
        """A new database, in place of the one that was there; gives its path."""
        if os.path.exists(self.at(name)):
            os.unlink(self.at(name))
        db = sqlite3.connect(self.at(name))
        db.executescript(script)
        db.close()
        return self.at(name)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)
