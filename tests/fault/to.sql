-- Twenty objects with everything that a driver has a room for.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL, phone TEXT
);
CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, price NUMERIC(10,2) CHECK (price >= 0));
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
  total NUMERIC(12,3) DEFAULT 0,
  note TEXT,
  discount REAL NOT NULL DEFAULT 0
);
CREATE TABLE lines (
  order_id INTEGER NOT NULL REFERENCES orders(id),
  product_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (order_id, product_id)
) WITHOUT ROWID;
CREATE TABLE tags (name TEXT PRIMARY KEY, weight REAL, colour TEXT) STRICT;
CREATE TABLE log (at TEXT DEFAULT CURRENT_TIMESTAMP, what TEXT, size INTEGER AS (length(what)) STORED);
CREATE VIRTUAL TABLE docs USING fts5(title, body, tags);
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_note ON orders (note) WHERE note IS NOT NULL;
CREATE INDEX customers_name ON customers (lower(name));
CREATE INDEX lines_product ON lines (product_id DESC);
CREATE VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
CREATE VIEW big AS SELECT * FROM totals WHERE total > 200;
CREATE VIEW broken AS SELECT lost FROM nowhere;
CREATE TRIGGER order_added AFTER INSERT ON orders BEGIN INSERT INTO log (what) VALUES ('order'); END;
CREATE TRIGGER order_gone AFTER DELETE ON orders WHEN OLD.total > 0 BEGIN INSERT INTO log (what) VALUES ('gone'); END;
CREATE TRIGGER totals_in INSTEAD OF INSERT ON totals BEGIN SELECT 1; END;
CREATE TABLE refunds (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id));
