.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table orders: drop check, add check, change column note and 3 more
-- ! DATA_DEPENDENT: check of orders: a row that does not fit the CHECK stops it
-- ! REWRITE: table orders: the table is made anew and every row is copied
-- ! CONVERT: column orders.number: values are stored as text instead of integer
-- ! CONVERT: column orders.total: values are stored as real instead of numeric
-- ! this is not exact: rowids, counters or how values are written may differ from before
CREATE TABLE _snap_new_orders (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  total REAL DEFAULT 0,
  state TEXT DEFAULT 'new' CHECK (state IN ('new', 'paid')),
  note TEXT COLLATE NOCASE
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
