"""Schemas and pairs for the real Liquibase on MySQL and MariaDB: scripts for the client. A line that ends
with `-- mysql` or `-- mariadb` is for that server alone."""
import re

# Sessions of NO_BACKSLASH_ESCAPES are among those that apply it: in them MySQL opens no table with a backslash
# or a quote in a CHECK or generated column, so that such texts stand in hostile() alone.

# What Liquibase's own generator loses, and what it, JDBC or a client could take for something of its own.
EVERYTHING = r"""
CREATE TABLE place (id int unsigned NOT NULL AUTO_INCREMENT, code char(3) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'a''b',
  head int, KEY head (head), PRIMARY KEY (id), UNIQUE KEY code (code DESC)) AUTO_INCREMENT=100 ROW_FORMAT=DYNAMIC
  COMMENT='it''s "${DB_PASSWORD}"; \\ \n/*!50000 x */ -- y\n--z `q` # $$ ? {d ''x''} 😀';
CREATE TABLE person (id int NOT NULL PRIMARY KEY, place int unsigned, code char(3) CHARACTER SET latin1 COLLATE latin1_bin,
  name varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'a\\b''c"d`e;f' COMMENT 'é 😀 ${x}\\',
  mail varchar(80) CHECK (mail LIKE '%_@_%' AND mail <> '${DB_PASSWORD}; /* x */--y'),
  upper_name varchar(80) GENERATED ALWAYS AS (concat(name, ';', '${x}', '?')) VIRTUAL,
  size decimal(20,3) unsigned DEFAULT 1.5, twice decimal(21,3) GENERATED ALWAYS AS (size * 2) STORED,
  mood enum('sad', 'it''s ok', 'a;b', '\\', '${x}') DEFAULT 'it''s ok', tags set('a', 'b''c', ';') DEFAULT 'a,;', data json,
  flags bit(5) DEFAULT b'101', raw binary(3) DEFAULT 'a\0\0', born date DEFAULT '2000-02-29', zero date DEFAULT '0000-00-00',
  seen timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), made datetime DEFAULT CURRENT_TIMESTAMP,
  odd varchar(60) DEFAULT (concat('${x};', uuid())), year year, hidden int INVISIBLE, width int(7) unsigned zerofill,
  at point NOT NULL,
  where_ point /*!80003 SRID 4326 */ NOT NULL, -- mysql
  where_ point REF_SYSTEM_ID=4326 NOT NULL, -- mariadb
  KEY place (place), KEY name_part (name(10) DESC, mail) COMMENT 'a;b\\ ${x}', FULLTEXT KEY words (name), SPATIAL KEY at_ (at),
  KEY calc ((upper(name)), ((size + 1))), KEY gone (born) INVISIBLE, CONSTRAINT off CHECK (size < 1000) NOT ENFORCED, -- mysql
  KEY calc (name, size), KEY gone (born) IGNORED, -- mariadb
  CONSTRAINT `person's place` FOREIGN KEY (place) REFERENCES place (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT person_code FOREIGN KEY (code) REFERENCES place (code), CONSTRAINT `not ${x}` CHECK (name <> '--${x}'));
ALTER TABLE place ADD CONSTRAINT place_head FOREIGN KEY (head) REFERENCES person (id);
CREATE TABLE visit (person int NOT NULL, at datetime NOT NULL, room int NOT NULL, PRIMARY KEY (person, at))
  PARTITION BY RANGE COLUMNS(at) SUBPARTITION BY HASH (person) SUBPARTITIONS 2 (PARTITION p1 VALUES LESS THAN ('2020-01-01')
  COMMENT 'a;b', PARTITION `p rest` VALUES LESS THAN (MAXVALUE));
CREATE TABLE bag (a varchar(10), b int, KEY b (b)) ENGINE=MyISAM DEFAULT CHARSET=latin1 PACK_KEYS=1 MAX_ROWS=77 CHECKSUM=1;
CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 3 MINVALUE -5 MAXVALUE 2000 NOCACHE CYCLE; -- mariadb
CREATE TABLE numbered (id bigint NOT NULL DEFAULT nextval(numbers) PRIMARY KEY, txt text DEFAULT 'x;\\'); -- mariadb
CREATE TABLE history (id int PRIMARY KEY, a int, b int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING; -- mariadb
CREATE TABLE contract (id int, a date, b date, PERIOD FOR valid (a, b), PRIMARY KEY (id, valid WITHOUT OVERLAPS)); -- mariadb
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW adults AS SELECT id, name, '${x}; \\ ''--x' AS said FROM person WHERE born < '2000-01-01'
  WITH LOCAL CHECK OPTION;
CREATE DEFINER=`no body`@`%` VIEW `counts ;` (`a``b`, `n "x"`) AS SELECT place, count(*) FROM adults JOIN person USING (id) GROUP BY place;
CREATE VIEW fields AS SELECT id, upper_name REGEXP '^\\w+\\s;?$' AS fits, 1 - -1 AS two FROM person;
DELIMITER $$
CREATE PROCEDURE work(IN a int, INOUT b varchar(20)) COMMENT 'it''s; \\ ${x}' SQL SECURITY INVOKER
BEGIN
  -- a comment; with ' a quote
  # another; "
  DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT '${DB_PASSWORD}', "it's; \" \\", '?', "{fn now()}";
  /* DELIMITER ;; */ /*! SET @a = 1; */ /*M! SET @b = '\\'; */
  x: LOOP
    IF a > 1--1 THEN LEAVE x; END IF;
    CASE a WHEN 1 THEN SET b = ';$'; ELSE SET b = ':x @y'; END CASE;
  END LOOP x;

  SELECT 'DELIMITER //
GO
/
end', '😀';
END$$
CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC RETURN a * 2$$
CREATE FUNCTION told(a varchar(9) CHARSET latin1) RETURNS varchar(20) CHARSET utf8mb4 COLLATE utf8mb4_bin NO SQL RETURN concat(twice(1), a, ';\\')$$
SET sql_mode = 'NO_BACKSLASH_ESCAPES'$$
CREATE PROCEDURE plain(a int) COMMENT 'it''s \' BEGIN SELECT 'a\', '\''', ';--'; SET @a = '\'; END$$
CREATE TRIGGER plain BEFORE UPDATE ON bag FOR EACH ROW BEGIN SET NEW.a = '\'; SET @a = 'it''s \;'; END$$
CREATE EVENT plain ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' COMMENT 'a\' DO BEGIN SET @a = '\'; SET @b = ';'; END$$
SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'$$
CREATE PROCEDURE "ansi ""q`"() SELECT "a" || 'b;"' AS "x;y" FROM "bag"$$
SET sql_mode = DEFAULT$$
SET NAMES latin1$$
CREATE PROCEDURE session() SELECT 1$$
SET NAMES utf8mb4$$
CREATE TRIGGER first BEFORE INSERT ON person FOR EACH ROW SET NEW.name = concat(NEW.name, '; ${x}\\')$$
CREATE TRIGGER third BEFORE INSERT ON person FOR EACH ROW FOLLOWS first BEGIN IF NEW.id > 1 THEN SET NEW.id = 1; END IF; END$$
CREATE TRIGGER second BEFORE INSERT ON person FOR EACH ROW PRECEDES third SET @a = 1--1$$
CREATE TRIGGER after AFTER DELETE ON person FOR EACH ROW BEGIN DELETE FROM bag WHERE b = OLD.id; INSERT INTO bag VALUES ('''', 2); END$$
SET time_zone = '+02:00'$$
CREATE EVENT once ON SCHEDULE AT '2035-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'a; ''\\ ${x}' DO CALL work(1, @b)$$
SET time_zone = '+00:00', sql_mode = 'ORACLE'$$ -- mariadb
CREATE PACKAGE pack AS FUNCTION f RETURN varchar2; PROCEDURE p(a int); END$$ -- mariadb
CREATE PACKAGE BODY pack AS v int := 1; FUNCTION f RETURN varchar2 AS BEGIN RETURN '; ${x} \\'; END; PROCEDURE p(a int) AS BEGIN NULL; END; BEGIN v := 2; END$$ -- mariadb
CREATE PROCEDURE oracle(a IN varchar2) AS b int := 1; BEGIN <<x>> LOOP EXIT x; END LOOP; END$$ -- mariadb
"""

BASE = """
CREATE TABLE t (id int NOT NULL PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'a' COMMENT 'one', price decimal(8,2), KEY name (name));
CREATE TABLE child (id int, t int, KEY t (t), CONSTRAINT child_t FOREIGN KEY (t) REFERENCES t (id));
CREATE VIEW v AS SELECT id, name FROM t WHERE price > 1;
CREATE VIEW w AS SELECT id FROM v;
DELIMITER $$
CREATE PROCEDURE p() BEGIN SELECT 1; END$$
CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET @a = 1$$
CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET @b = 1$$
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SET @a = 1$$
"""

# name: (from, to): one changeSet after the other, both ways
PAIRS = {
    'columns, keys and what stands on them': (BASE, r"""
CREATE TABLE t (name varchar(40) NOT NULL DEFAULT '${x}\\;' COMMENT 'it''s \\ "two"', id bigint NOT NULL, price decimal(10,2), more int AS (id + 1),
  note varchar(9) DEFAULT '?;', PRIMARY KEY (id), KEY name (name, price DESC) COMMENT '\\', CONSTRAINT c CHECK (note <> '${x};')) COMMENT='\\;';
CREATE TABLE child (id int, t bigint, KEY t (t), CONSTRAINT child_t FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT id, name, '\\;${x}' AS said FROM t;
CREATE VIEW w AS SELECT id, said FROM v;
DELIMITER $$
SET sql_mode = 'NO_BACKSLASH_ESCAPES'$$
CREATE PROCEDURE p() BEGIN SELECT '\'; SELECT ';'; END$$
SET sql_mode = DEFAULT$$
CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET @b = '\\;'$$
CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET @a = 1$$
CREATE EVENT e ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00' COMMENT '\\' DO BEGIN SET @a = '\\'; END$$
"""),
    'partitions, sequences, packages and engines': (r"""
CREATE TABLE r (a int NOT NULL, b varchar(9), PRIMARY KEY (a)) PARTITION BY RANGE (a) (PARTITION p1 VALUES LESS THAN (10),
  PARTITION p2 VALUES LESS THAN (20));
CREATE TABLE l (a varchar(9) NOT NULL) PARTITION BY LIST COLUMNS(a) (PARTITION p1 VALUES IN ('a', ';'), PARTITION p2 VALUES IN ('\\', '${x}'));
CREATE TABLE m (a int) ENGINE=MyISAM;
CREATE SEQUENCE s START WITH 1; -- mariadb
CREATE TABLE h (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING; -- mariadb
SET sql_mode = 'ORACLE'; -- mariadb
DELIMITER $$
CREATE PACKAGE k AS PROCEDURE p; END$$ -- mariadb
CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; END$$ -- mariadb
""", r"""
CREATE TABLE r (a int NOT NULL, b varchar(9), PRIMARY KEY (a)) PARTITION BY RANGE (a) (PARTITION p2 VALUES LESS THAN (20),
  PARTITION p3 VALUES LESS THAN (30), PARTITION p4 VALUES LESS THAN MAXVALUE COMMENT = '\\;');
CREATE TABLE l (a varchar(9) NOT NULL) PARTITION BY LIST COLUMNS(a) (PARTITION p1 VALUES IN ('a', ';'), PARTITION p2 VALUES IN ('\\', '${x}'),
  PARTITION p3 VALUES IN ('''', '?'));
CREATE TABLE m (a int, b json) ENGINE=InnoDB ROW_FORMAT=COMPACT;
CREATE SEQUENCE s START WITH 1 INCREMENT BY 5 MAXVALUE 700; -- mariadb
CREATE TABLE h (id int PRIMARY KEY, b varchar(3) DEFAULT '\\', a int) WITH SYSTEM VERSIONING; -- mariadb
SET sql_mode = 'ORACLE'; -- mariadb
DELIMITER $$
CREATE PACKAGE k AS PROCEDURE p; FUNCTION f RETURN int; END$$ -- mariadb
CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; FUNCTION f RETURN int AS BEGIN RETURN 1; END; END$$ -- mariadb
"""),
}


def name(text):
    return '`%s`' % text.replace('`', '``')


def literal(text):
    """Under any sql_mode that has backslash escapes."""
    return "'%s'" % text.replace('\\', '\\\\').replace("'", "''")


def note(text):
    """As it can stand in a comment: the client takes `/*!` for code even in a line behind --, and `/*/` for a whole
    comment; the server takes three bytes a character there."""
    return ''.join(c for c in text.replace('*/', '* /').replace('/*', '/ *').lstrip('!M') if c < '\U00010000')


def is_name(text):
    """What the servers take as a name, and what no quote or brace makes a trap of its own."""
    return 0 < len(text) <= 56 and text[-1] not in ' \t\x0b\x0c' and max(text) < '\U00010000' and \
        not re.search(r'[\'"`{}\n\\]', text)


# The second is as long as a name may be.
NAMES = ["it's", ('x${x}`"\'\\;\x1b[1m é' + 'y' * 64)[:64], 'a"b', '\'"', "a''b", '`', 'a``b', '\\', "\\'", 'a\nb', "a\n'b", 'x\n\ny', '\x1b[1m',
         '${x}', '{x}', '-- x', '--x', '/* x */', '/*!50000 x */', '#x', '# x', 'a;b', 'DELIMITER ;', ';;', '?', ':x', '@x']


def names():
    """A table and a view for each name, for some a procedure, and names in them."""
    sql = []
    for i, n in enumerate(NAMES):
        q = name(n)
        sql.append("CREATE TABLE %s (%s int, b varchar(9) DEFAULT ';?' COMMENT '${x}', KEY %s (%s), CONSTRAINT %s CHECK (%s > 1));" % (
            q, q, q, q, q, q))
        sql.append('CREATE VIEW v%d AS SELECT %s AS a, 1 AS %s FROM %s;' % (i, q, q, q))
        if i % 3 == 0:
            sql.append('CREATE PROCEDURE %s() SELECT %s FROM %s;' % (q, q, q))
    return '\n'.join(sql)


# What no changelog can hold, and a script can.
REFUSED = ["CREATE TABLE `na\rme` (a int)", "CREATE PROCEDURE body() SELECT '\r\n'", 'CREATE TABLE `{fn now()}` (a int)',
           'CREATE TABLE `{ D x}` (a int)', "CREATE TABLE `'` (a varchar(20) DEFAULT '{d x}')", 'CREATE PROCEDURE ctrl() SELECT\x0b1',
           "CREATE TABLE `x\n'` (a int COMMENT '\x01')", "CREATE PROCEDURE `hash` () BEGIN # '\n SELECT '\x01'; END"]


def hostile(texts, group=24):
    """Each text as a name and in what a text can stand in: a table, view and procedure for each group of them."""
    sql = []
    for g in range(0, len(texts), group):
        some = list(enumerate(texts[g:g + group], g))
        columns = ['%s varchar(70) DEFAULT %s COMMENT %s' % (
            name('%d %s' % (i, t)) if is_name(t) else 'c%d' % i, literal(t[:60]), literal(t[:500])) for i, t in some]
        checks = ['CONSTRAINT %s CHECK (k <> %s)' % (name('%d %s' % (i, t)) if is_name(t) else 'k%d' % i, literal(t[:60])) for i, t in some]
        sql.append('CREATE TABLE %s (k int, KEY %s (k), %s, %s) COMMENT=%s;' % (
            't%d' % g, 'k', ',\n'.join(columns), ',\n'.join(checks), literal(some[0][1][:500])))
        sql.append('CREATE VIEW %s AS SELECT %s;' % ('v%d' % g, ', '.join(
            '%s AS %s' % (literal(t[:3000]), name('%d %s' % (i, t)) if is_name(t) else 'c%d' % i) for i, t in some)))
        sql.append('DELIMITER $mark$\nCREATE PROCEDURE %s() COMMENT %s BEGIN %s\nEND$mark$\nDELIMITER ;' % (
            'p%d' % g, literal(next(t for _, t in reversed(some) if max(t) < '\U00010000')[:500]), '\n'.join(
                'SELECT %s, /* %s */ 1; -- %s' % (literal(t), note(t), note(t).split('\n')[0]) for i, t in some)))
    return '\n'.join(sql)
