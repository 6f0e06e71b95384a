"""Pairs of schemas for the round trips, each chosen for what it asks of a deployer.

PAIRS: {name: (SQL, SQL)}, run both ways. RENAMES: {name: (SQL, SQL, confirmed renames)}, one way.
"""

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT, name text NOT NULL, mail text UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer int NOT NULL REFERENCES customer (id)
  ON DELETE CASCADE ON UPDATE CASCADE, total numeric(10,2) DEFAULT 0);
CREATE TABLE line (orders int REFERENCES orders (id) ON DELETE CASCADE, n int, what text,
  PRIMARY KEY (orders, n)) WITHOUT ROWID;
CREATE INDEX orders_customer ON orders (customer);
CREATE VIEW spent AS SELECT c.name, sum(o.total) AS total FROM customer c JOIN orders o
  ON o.customer = c.id GROUP BY c.id;
CREATE TRIGGER line_ai AFTER INSERT ON line BEGIN
  UPDATE orders SET total = total + 1 WHERE id = NEW.orders; END;
"""
TREE = """
CREATE TABLE node (id INTEGER PRIMARY KEY, up int REFERENCES node (id) ON DELETE CASCADE, label text);
CREATE TABLE a (id INTEGER PRIMARY KEY, b int REFERENCES b (id) ON DELETE CASCADE);
CREATE TABLE b (id INTEGER PRIMARY KEY, a int REFERENCES a (id) ON DELETE CASCADE);
"""
CHAIN = """
CREATE TABLE t (a int, b text, c text);
CREATE VIEW v1 AS SELECT a, b FROM t;
CREATE VIEW v2 AS SELECT a FROM v1 WHERE b > 'x';
CREATE VIEW v3 AS SELECT count(*) AS n FROM v2;
CREATE TRIGGER v3_i INSTEAD OF INSERT ON v3 BEGIN INSERT INTO t (a) VALUES (NEW.n); END;
"""
KINDS = """
CREATE TABLE plain (a INTEGER PRIMARY KEY, b text COLLATE NOCASE ON CONFLICT IGNORE);
CREATE TABLE other (a int NOT NULL ON CONFLICT REPLACE DEFAULT 5, b text, g int AS (a * 2) STORED);
CREATE TABLE keyed (k text PRIMARY KEY, v text);
""".replace(' ON CONFLICT IGNORE)', ')')

PAIRS = {
    'nothing there yet': ('', SHOP),
    'a parent is made anew, its children cascade':
        (SHOP, SHOP.replace('name text NOT NULL', "name varchar(80) NOT NULL CHECK (name <> '')")),
    'parent and child are made anew':
        (SHOP, SHOP.replace('name text', 'name varchar(80)').replace('numeric(10,2)', 'numeric(12,3)')),
    'a foreign key comes':
        (SHOP.replace(' REFERENCES customer (id)\n  ON DELETE CASCADE ON UPDATE CASCADE', ''), SHOP),
    'a referenced table goes with its children':
        (SHOP, 'CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT, name text NOT NULL, '
               'mail text UNIQUE);'),
    'a table that refers to itself, and a circle':
        (TREE, TREE.replace('label text', 'label text NOT NULL DEFAULT 0')
         .replace('CREATE TABLE a (', 'CREATE TABLE a (more real DEFAULT 1.5, ')),
    'views on views, the last table below changes':
        (CHAIN, CHAIN.replace('b text', 'b blob').replace('FROM v1 WHERE', 'FROM v1 AS x WHERE')),
    'a view takes the place of a table':
        ('CREATE TABLE one (a int); CREATE TABLE two (a int);',
         'CREATE VIEW one AS SELECT a FROM two; CREATE TABLE two (a int, b int);'),
    'collations, conflicts, generated columns, WITHOUT ROWID, STRICT':
        (KINDS, KINDS.replace('NOCASE', 'RTRIM').replace('a * 2', 'a * 3').replace('v text)',
                                                                                 'v text) WITHOUT ROWID')),
    'AUTOINCREMENT goes': (SHOP, SHOP.replace(' AUTOINCREMENT', '')),
    'columns in the middle come and go':
        ('CREATE TABLE t (a int, b text, c real);', 'CREATE TABLE t (a int, x text, c real, d int);'),
    'only the case of names':
        ('CREATE TABLE users (id INTEGER PRIMARY KEY, name text); CREATE INDEX ix ON users (name);',
         'CREATE TABLE Users (Id INTEGER PRIMARY KEY, Name text); CREATE INDEX IX ON Users (Name);'),
    'full text and r-tree':
        ('CREATE VIRTUAL TABLE f USING fts5(a, b); CREATE TABLE t (a int);',
         "CREATE VIRTUAL TABLE f USING fts5(a, b, c, tokenize = 'porter'); "
         'CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); CREATE TABLE t (a int);'),
    'names that need their quotes':
        ('CREATE TABLE "a ""q"" ; -- x" ("the col" int, [b] text); CREATE INDEX "i;x" ON '
         '"a ""q"" ; -- x" (b);',
         'CREATE TABLE "a ""q"" ; -- x" ("the col" text, [b] text, "${x}" int DEFAULT (1)); '
         'CREATE VIEW "v ${x}" AS SELECT "the col" FROM "a ""q"" ; -- x";'),
    'triggers that mention one another\'s tables':
        ('CREATE TABLE p (a int); CREATE TABLE q (a int); CREATE TRIGGER tp AFTER INSERT ON p BEGIN '
         'INSERT INTO q VALUES (NEW.a); END; CREATE TRIGGER tq AFTER DELETE ON q BEGIN DELETE FROM p; END;',
         'CREATE TABLE p (a text); CREATE TABLE q (a int, b int DEFAULT 1); CREATE TRIGGER tp AFTER '
         'INSERT ON p BEGIN INSERT INTO q (a) VALUES (NEW.a); END; CREATE TRIGGER tq BEFORE DELETE ON q '
         'BEGIN DELETE FROM p; END;'),
}

RENAMES = {
    'a table and a column are renamed':
        (SHOP, SHOP.replace('orders', 'sales').replace('mail', 'email'),
         ['orders=sales', 'customer.mail=email', 'line.orders=sales']),
    'a column is renamed and its table made anew':
        (SHOP, SHOP.replace('total numeric(10,2) DEFAULT 0', 'amount numeric(10,2) DEFAULT 1')
         .replace('o.total', 'o.amount').replace('SET total = total', 'SET amount = amount'),
         ['orders.total=amount']),
    'a renamed table below views':
        (CHAIN, CHAIN.replace('TABLE t', 'TABLE base').replace('FROM t', 'FROM base')
         .replace('INTO t', 'INTO base'), ['t=base']),
}
