CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  total NUMERIC(10, 2) NOT NULL DEFAULT 1.5,
  state TEXT DEFAULT ('draft') CHECK (state IN ('new', 'paid', 'draft')),
  note TEXT
);
CREATE INDEX orders_by_state ON orders (state, number DESC);
CREATE TRIGGER orders_paid AFTER UPDATE OF state ON orders WHEN NEW.state = 'paid'
BEGIN
  UPDATE orders SET note = 'paid; thank you' WHERE id = NEW.id;
END;
