-- The same shop, as a developer has left it: discounts, refunds, and a state more.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  phone TEXT
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  price NUMERIC(12,3) NOT NULL CHECK (price >= 0)
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent', 'returned')),
  total NUMERIC(10,2) NOT NULL DEFAULT 0,
  remark TEXT,
  discount NUMERIC(10,2) NOT NULL DEFAULT 0
);
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES products(id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, product_id)
) WITHOUT ROWID;
CREATE TABLE refunds (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  amount NUMERIC(10,2) NOT NULL,
  refunded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX orders_by_customer ON orders (customer_id, status);
CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE VIEW open_orders AS
SELECT id, customer_id, total - discount AS due
FROM orders
WHERE status IN ('new', 'paid');
CREATE TRIGGER line_added AFTER INSERT ON order_lines
BEGIN
  UPDATE orders
  SET total = total + NEW.quantity * (SELECT price FROM products WHERE id = NEW.product_id)
  WHERE id = NEW.order_id;
END;
