CREATE TABLE "client" (id INTEGER PRIMARY KEY, email TEXT UNIQUE, phone TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES "client" (id), remark TEXT DEFAULT 'note', CHECK (remark <> 'the note'));
CREATE INDEX orders_note ON orders (remark) WHERE remark IS NOT NULL;
CREATE VIEW noted AS SELECT id, remark, 'note' AS kind FROM orders WHERE remark LIKE '%note%';
CREATE TRIGGER keep_note AFTER UPDATE OF remark ON orders
BEGIN
  UPDATE orders SET remark = coalesce(NEW.remark, 'note') WHERE id = NEW.id;
END;
