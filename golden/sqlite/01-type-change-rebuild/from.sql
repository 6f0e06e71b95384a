CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  total REAL DEFAULT 0,
  state TEXT DEFAULT 'new' CHECK (state IN ('new', 'paid')),
  note TEXT COLLATE NOCASE
);
CREATE INDEX orders_by_state ON orders (state, number DESC);
CREATE TRIGGER orders_paid AFTER UPDATE OF state ON orders WHEN NEW.state = 'paid'
BEGIN
  UPDATE orders SET note = 'paid; thank you' WHERE id = NEW.id;
END;
