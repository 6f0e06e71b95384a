"""What an SQLite database holds, seen without snap: sqlite_schema and PRAGMAs, brought into a form in
which two databases with the same schema are equal. Order of columns is kept apart.

see(path) -> {key: value}; loose(seen) drops the order of columns; rows(path) -> rows of each table.
"""
import re
import sqlite3

TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|('(?:[^']|'')*')|\"((?:[^\"]|\"\")*)\"|`((?:[^`]|``)*)`|"
                   r"\[([^\]]*)\]|([\w$.]+)|(\S)", re.S)
BOOKKEEPING = ('databasechangelog', 'databasechangeloglock', 'flyway_schema_history')


def tokens(sql):
    """Words of a statement: literals as they are, names without quotes in lower case, no comments."""
    out = []
    for m in TOKEN.finditer(sql or ''):
        literal, dq, back, bracket, word, other = m.groups()
        if literal:
            out.append(literal)
            continue
        name = next((x for x in (dq, back, bracket, word, other) if x), '')
        if name:
            out.append(name.lower())
    return out


def without_noise(words):
    text = '\x00'.join(words)
    for noise in ('if\x00not\x00exists\x00', 'generated\x00always\x00'):
        text = text.replace(noise, '')
    return [w for w in text.split('\x00') if w != 'asc']


def default(text):
    words = tokens(text)
    while len(words) > 1 and words[0] == '(' and words[-1] == ')':
        words = words[1:-1]
    return None if words in ([], ['null']) else ' '.join(words)


def table_words(sql, columns):
    """A CREATE TABLE as a bag: what its PRAGMAs do not tell (names, CHECKs, ON CONFLICT ...)."""
    words = without_noise(tokens(sql))
    words = words[words.index('(') + 1:] if '(' in words else words
    kept = []
    for i, w in enumerate(words):
        before = kept[-1] if kept else ''
        if w == 'null' and before == 'default':
            kept.pop()
        elif w != 'null' or before in ('not', 'set', 'is'):
            kept.append(w)
    noise = ('(', ')', ',', 'foreign', 'key', 'virtual')
    return tuple(sorted(w for w in kept if w not in noise and w not in columns))


def quote(name):
    return '"%s"' % name.replace('"', '""')


def see(path):
    con = sqlite3.connect('file:%s?mode=ro' % path.replace('%', '%25').replace('?', '%3f'), uri=True)
    seen = {}
    tables = con.execute("select name, type, wr, strict from pragma_table_list where schema = 'main' "
                         "and type <> 'shadow' and name not like 'sqlite_%'").fetchall()
    for name, kind, without_rowid, strict in tables:
        if kind == 'view' or name.lower() in BOOKKEEPING:
            continue
        info = con.execute('select name, type, "notnull", dflt_value, pk, hidden from '
                           'pragma_table_xinfo(?)', (name,)).fetchall()
        seen['table', name] = (kind, without_rowid, strict)
        seen['columns', name] = tuple(
            (c.lower(), ' '.join(tokens(re.sub(r'\s*([(),])\s*', r'\1', t))), nn, default(d), pk, h)
            for c, t, nn, d, pk, h in info)
        seen['keys', name] = tuple(sorted(
            (r[2:] for r in con.execute('select * from pragma_foreign_key_list(?)', (name,))), key=repr))
        for _, index, unique, origin, partial in con.execute(
                'select * from pragma_index_list(?)', (name,)).fetchall():
            terms = tuple((c.lower() if c else None, desc, coll.lower(), key) for _, _, c, desc, coll, key in
                          con.execute('select * from pragma_index_xinfo(?)', (index,)) if key)
            auto = index.startswith('sqlite_autoindex')
            key = ('index', name, (origin, terms) if auto else index)
            seen[key] = (unique, origin, partial, terms)
    shadow = {r[0] for r in con.execute("select name from pragma_table_list where type = 'shadow'")}
    for kind, name, table, sql in con.execute('select type, name, tbl_name, sql from sqlite_schema'):
        if name.startswith('sqlite_') or table in shadow or table.lower() in BOOKKEEPING:
            continue
        if kind == 'table':
            columns = {c[0] for c in seen.get(('columns', name), ())}
            seen['text', kind, name] = table_words(sql, columns)
        elif sql:
            seen['text', kind, name] = tuple(without_noise(tokens(sql)) if kind == 'index'
                                             else tokens(sql))
    con.close()
    return seen


def loose(seen):
    return {k: tuple(sorted(v, key=repr)) if k[0] == 'columns' else v for k, v in seen.items()}


def differences(a, b):
    a, b = loose(a), loose(b)
    return sorted((k for k in set(a) | set(b) if a.get(k) != b.get(k)), key=repr)


def fill(path):
    """A few rows in every table that takes them."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute('pragma foreign_keys = off')
    for name, in con.execute("select name from pragma_table_list where schema = 'main' and "
                             "type = 'table' and name not like 'sqlite_%'").fetchall():
        if name.lower() in BOOKKEEPING:
            continue
        columns = con.execute('select name, upper(type) from pragma_table_xinfo(?) where hidden = 0',
                              (name,)).fetchall()
        for i in (1, 2, 3):
            values = [i if 'INT' in t else i + .5 if re.search('REAL|FLOA|DOUB|NUM|DEC', t)
                      else b'b%d' % i if 'BLOB' in t else 'v%d' % i for _, t in columns]
            try:
                con.execute('insert into %s (%s) values (%s)' % (
                    quote(name), ', '.join(quote(c) for c, _ in columns),
                    ', '.join('?' * len(values))), values)
            except sqlite3.Error:
                pass
    con.close()


def rows(path):
    """{table: (number of rows, {column: (type, sorted values)})}"""
    con = sqlite3.connect(path)
    out = {}
    for name, in con.execute("select name from pragma_table_list where schema = 'main' and "
                             "type = 'table' and name not like 'sqlite_%'").fetchall():
        if name.lower() in BOOKKEEPING:
            continue
        columns = con.execute('select name, upper(type) from pragma_table_xinfo(?) where hidden = 0',
                              (name,)).fetchall()
        n = con.execute('select count(*) from ' + quote(name)).fetchone()[0]
        out[name.lower()] = (n, {c.lower(): (t, sorted(repr(r[0]) for r in con.execute(
            'select %s from %s' % (quote(c), quote(name))))) for c, t in columns})
    con.close()
    return out


def lost(before, after):
    """What rows, or values of columns of the same type, a table on both sides has lost; or ''."""
    for table in sorted(set(before) & set(after)):
        (n, a), (m, b) = before[table], after[table]
        if m < n:
            return '%s: %d of %d rows' % (table, m, n)
        for c in set(a) & set(b):
            if n == m and a[c][0] == b[c][0] and a[c][1] != b[c][1]:
                return '%s.%s: values' % (table, c)
    return ''
