.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table orders: drop check, add check, change column note and 3 more
-- ! DATA_DEPENDENT: check of orders: a row that does not fit the CHECK stops it
-- ! DATA_DEPENDENT: column orders.total: a row that holds NULL stops it
-- ! REWRITE: table orders: the table is made anew and every row is copied
-- ! CONVERT: column orders.number: values are stored as integer instead of text
-- ! CONVERT: column orders.total: values are stored as numeric instead of real
SELECT json_extract('{}', 'snap: column orders.total becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM orders WHERE total IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_orders (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  total NUMERIC(10, 2) NOT NULL DEFAULT 1.5,
  state TEXT DEFAULT ('draft') CHECK (state IN ('new', 'paid', 'draft')),
  note TEXT
);
INSERT OR ABORT INTO _snap_new_orders (id, number, total, state, note) SELECT id, number, total, state, note FROM orders;
DROP TABLE orders;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_orders RENAME TO orders;
PRAGMA legacy_alter_table = off;
CREATE INDEX orders_by_state ON orders (state, number DESC);
CREATE TRIGGER orders_paid AFTER UPDATE OF state ON orders WHEN NEW.state = 'paid'
BEGIN
  UPDATE orders SET note = 'paid; thank you' WHERE id = NEW.id;
END;

COMMIT;
