.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: create table a
CREATE TABLE a (
  id INTEGER PRIMARY KEY,
  kind TEXT DEFAULT 'x',
  at TEXT DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (kind, at)
) WITHOUT ROWID;

-- step 2: create table b
CREATE TABLE b (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  a INTEGER REFERENCES a (id),
  word TEXT NOT NULL CHECK (word <> '') UNIQUE,
  twice TEXT AS (word || word) STORED
) STRICT;

-- step 3: create virtual table f
CREATE VIRTUAL TABLE f USING fts5(word, content = 'b', content_rowid = 'id');
INSERT INTO f (f) VALUES ('rebuild');

-- step 4: create index b.b_word
CREATE INDEX b_word ON b (lower(word) DESC) WHERE a IS NOT NULL;

-- step 5: create view v1
CREATE VIEW v1 AS SELECT id FROM b;

-- step 6: create view v2
CREATE VIEW v2 AS SELECT id FROM v1;

-- step 7: create trigger b.b_in
CREATE TRIGGER b_in AFTER INSERT ON b BEGIN INSERT INTO f (rowid, word) VALUES (NEW.id, NEW.word); END;

-- step 8: create trigger v1.v_in
CREATE TRIGGER v_in INSTEAD OF INSERT ON v1 BEGIN INSERT INTO b (word) VALUES (NEW.id); END;

COMMIT;
