CREATE TABLE customer (id INTEGER PRIMARY KEY, mail TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer (id), note TEXT DEFAULT 'note', CHECK (note <> 'the note'));
CREATE INDEX orders_note ON orders (note) WHERE note IS NOT NULL;
CREATE VIEW noted AS SELECT id, note, 'note' AS kind FROM orders WHERE note LIKE '%note%';
CREATE TRIGGER keep_note AFTER UPDATE OF note ON orders
BEGIN
  UPDATE orders SET note = coalesce(NEW.note, 'note') WHERE id = NEW.id;
END;
