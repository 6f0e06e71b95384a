"""The mutations of what is no table: views, programs, events, the database, and what MariaDB alone has."""
import re

from mysql import quoted
from mysql_mutations import CHARSETS, NAMES, alter, expression, mutation, name, one, place, some

MODES = ['', 'ANSI_QUOTES', 'PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', 'STRICT_ALL_TABLES', 'NO_ZERO_DATE']


# views

def query(s, rng, source):
    cols = s.columns(source)
    if not cols:
        return None
    terms = ['x.' + quoted(c[0]) for c in some(rng, cols, 4)]
    e = expression(s, rng, source)
    if e and rng.random() < .4:
        terms.append('%s AS %s' % (e, quoted('e ' + rng.choice(NAMES))))
    if rng.random() < .15:
        return 'SELECT count(*) AS n, %s FROM %s x GROUP BY 2' % (terms[0], quoted(source))
    other = one(rng, [t for t in s.tables() if t != source])
    if other and rng.random() < .2:
        return 'SELECT %s FROM %s x LEFT JOIN %s y ON 1 = 1' % (', '.join(terms), quoted(source), quoted(other))
    return 'SELECT %s FROM %s x%s' % (', '.join(terms), quoted(source), rng.choice(['', '', ' WHERE %s IS NOT NULL' % terms[0] if ' AS ' not in terms[0] else '']))


@mutation(8)
def view(s, rng):
    source, old = one(rng, s.tables() + s.views() * 2), one(rng, s.views())
    what = rng.random()
    if old and what < .25:
        return 'DROP VIEW ' + quoted(old)
    text = source and query(s, rng, source)
    head = '%s%s' % (rng.choice(['', '', 'ALGORITHM=MERGE ', 'ALGORITHM=TEMPTABLE ', 'DEFINER=`root`@`localhost` ']), rng.choice(['', '', 'SQL SECURITY INVOKER ']))
    if old and old != source and what < .5:
        return text and 'CREATE OR REPLACE %sVIEW %s AS %s' % (head, quoted(old), text)
    return text and 'CREATE %sVIEW %s AS %s%s' % (head, quoted('v' + rng.choice(NAMES)), text, rng.choice(['', '', ' WITH LOCAL CHECK OPTION', ' WITH CASCADED CHECK OPTION']))


@mutation(1)
def view_for_table(s, rng):
    """A name changes hands between a table and a view."""
    t, v = one(rng, s.tables()), one(rng, s.views())
    return rng.choice([t and ['DROP TABLE ' + quoted(t), 'CREATE VIEW %s AS SELECT 1 AS id' % quoted(t)], v and ['DROP VIEW ' + quoted(v), 'CREATE TABLE %s (id int PRIMARY KEY)' % quoted(v)]])


# programs

def in_mode(rng, text):
    mode = rng.choice(MODES) if rng.random() < .3 else None
    return text if mode is None else ["SET sql_mode = '%s'" % mode, text, '?SET sql_mode = DEFAULT']


@mutation(7)
def trigger(s, rng):
    old, t = one(rng, s.triggers()), s.table(rng)
    if old and rng.random() < .3:
        return 'DROP TRIGGER ' + quoted(old[0])
    if not t:
        return None
    c = quoted(rng.choice(s.columns(t))[0])
    time, event = rng.choice(['BEFORE', 'AFTER']), rng.choice(['INSERT', 'UPDATE', 'DELETE'])
    row = 'OLD' if event == 'DELETE' else 'NEW'
    near = one(rng, [x[0] for x in s.triggers() if x[1:] == [t, time, event]])
    body = rng.choice(['SET @x = %s.%s' % (row, c), 'BEGIN IF %s.%s IS NULL THEN SET @y = \'it\'\'s; \'; END IF; END' % (row, c)])
    return in_mode(rng, 'CREATE TRIGGER %s %s %s ON %s FOR EACH ROW %s%s' % (quoted('tr ' + rng.choice(NAMES)), time, event, quoted(t), '%s %s ' % (
        rng.choice(['FOLLOWS', 'PRECEDES']), quoted(near)) if near and rng.random() < .6 else '', body))


@mutation(7)
def routine(s, rng):
    old, t = one(rng, s.routines()), one(rng, s.tables() + s.views())
    what = rng.random()
    if old and what < .25:
        return 'DROP %s %s' % (old[1], quoted(old[0]))
    if old and what < .45:
        return 'ALTER %s %s %s' % (old[1], quoted(old[0]), rng.choice(["COMMENT 'new'", 'SQL SECURITY INVOKER', 'READS SQL DATA', "COMMENT ''"]))
    ask = 'SELECT count(*) FROM %s' % quoted(t) if t else 'SELECT 1'
    n = quoted('f' + rng.choice(NAMES))
    return in_mode(rng, rng.choice([
        'CREATE FUNCTION %s(x int) RETURNS varchar(20) CHARSET utf8mb4 DETERMINISTIC RETURN concat(x, \'é\')' % n, 'CREATE PROCEDURE %s(IN a int, OUT b text) BEGIN %s; SET b = 1; END' % (n, ask),
        'CREATE FUNCTION %s() RETURNS int READS SQL DATA RETURN (%s)' % (n, ask), 'CREATE PROCEDURE %s() MODIFIES SQL DATA %s' % (n, ask)]))


@mutation(2)
def view_on_function(s, rng):
    f = one(rng, [x[0] for x in s.routines() if x[1] == 'FUNCTION'])
    return f and 'CREATE VIEW %s AS SELECT %s(%s) AS x' % (quoted('vf' + rng.choice(NAMES)), quoted(f), rng.choice(['', '1']))


@mutation(3)
def event(s, rng):
    old = one(rng, s.names('SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1'))
    what = rng.random()
    when = rng.choice(["EVERY 1 DAY STARTS '2030-01-01 00:00:00'", "AT '2035-01-01 00:00:00' ON COMPLETION PRESERVE", "EVERY 2 HOUR STARTS '2031-01-01 00:00:00' ENDS '2032-01-01 00:00:00'"])
    if old and what < .2:
        return 'DROP EVENT ' + quoted(old)
    if old and what < .6:
        return 'ALTER EVENT %s %s' % (quoted(old), rng.choice(['DISABLE', 'ENABLE', "COMMENT 'it''s'", 'ON SCHEDULE ' + when, 'DO SET @b = 2', 'ON COMPLETION PRESERVE',
                                                               'RENAME TO ' + quoted('e' + rng.choice(NAMES))]))
    return ['?SET time_zone = %s' % rng.choice(["'+00:00'", "'+02:00'"]), 'CREATE EVENT %s ON SCHEDULE %s%s DO %s' % (
        quoted('e' + rng.choice(NAMES)), when, rng.choice(['', ' DISABLE', " COMMENT 'e'"]), rng.choice(['SET @a = 1', "BEGIN SET @a = 'x;'; END"]))]


@mutation(1)
def database(s, rng):
    more = ["ALTER DATABASE COMMENT '%s'" % rng.choice(['one', ''])] if s.maria else []
    return rng.choice(['ALTER DATABASE CHARACTER SET ' + rng.choice(CHARSETS)] + more)


# what MariaDB alone has

@mutation(4)
def sequence(s, rng):
    if not s.maria:
        return None
    old = one(rng, s.names("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE' ORDER BY 1"))
    t, what = s.table(rng), rng.random()
    more = rng.choice(['', ' INCREMENT BY 2', ' MAXVALUE 1000', ' CACHE 10', ' CYCLE', ' MINVALUE -5'])
    if old and t and what < .3:
        return alter(t, 'ADD COLUMN %s bigint DEFAULT nextval(%s)%s' % (name(rng), quoted(old), place(s, rng, t)))
    if old and what < .6:
        return rng.choice(['DROP SEQUENCE ' + quoted(old), 'ALTER SEQUENCE %s%s' % (quoted(old), more or ' NOCACHE')])
    return 'CREATE SEQUENCE %s%s' % (quoted('s' + rng.choice(NAMES)), more)


@mutation(1)
def package(s, rng):
    if not s.maria:
        return None
    n = quoted('p' + rng.choice(NAMES[:3]))
    return ["SET sql_mode = 'ORACLE'", '?DROP PACKAGE ' + n if rng.random() < .4 else '?SET @a = 1', '?CREATE PACKAGE %s AS FUNCTION f RETURN int; END' % n,
            '?CREATE PACKAGE BODY %s AS FUNCTION f RETURN int AS BEGIN RETURN %d; END; END' % (n, rng.randrange(9)), '?SET sql_mode = DEFAULT']


@mutation(2)
def versioning(s, rng):
    t = s.table(rng)
    if not s.maria or not t:
        return None
    if 'SYSTEM VERSIONING' in s.show('TABLE', t)[1]:
        return rng.choice([alter(t, 'DROP SYSTEM VERSIONING'), alter(t, 'ADD COLUMN %s int %s' % (
            name(rng), rng.choice(['', 'WITHOUT SYSTEM VERSIONING'])))])
    return alter(t, 'ADD SYSTEM VERSIONING')


@mutation(1)
def period(s, rng):
    t = s.table(rng)
    if not s.maria or not t:
        return None
    if re.search(r'PERIOD FOR `pe`', s.show('TABLE', t)[1]):
        return alter(t, 'DROP PERIOD FOR pe')
    return alter(t, 'ADD COLUMN ps date NOT NULL', 'ADD COLUMN pt date NOT NULL', 'ADD PERIOD FOR pe (ps, pt)')
