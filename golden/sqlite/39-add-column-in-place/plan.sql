.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table computed: add column at, add column n
-- ! REWRITE: table computed: the table is made anew and every row is copied
CREATE TABLE _snap_new_computed (
  id INTEGER PRIMARY KEY,
  at TEXT DEFAULT CURRENT_TIMESTAMP,
  n INTEGER DEFAULT (1 + 1)
);
INSERT OR ABORT INTO _snap_new_computed (id) SELECT id FROM computed;
DROP TABLE computed;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_computed RENAME TO computed;
PRAGMA legacy_alter_table = off;

-- step 2: add column t.b
ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT -1 CHECK (b < 100);

-- step 3: add column t.p
ALTER TABLE t ADD COLUMN p INTEGER REFERENCES p (id) ON DELETE SET NULL;

-- step 4: add column t.c
ALTER TABLE t ADD COLUMN c TEXT COLLATE NOCASE DEFAULT 'it''s; ${x}';

-- step 5: add column t.d
ALTER TABLE t ADD COLUMN d TEXT AS (upper(a));

-- step 6: add column t.e
ALTER TABLE t ADD COLUMN e BLOB DEFAULT x'00ff';

-- step 7: add column t.f
ALTER TABLE t ADD COLUMN f REAL DEFAULT +1.5e3;

-- step 8: add column t.g
ALTER TABLE t ADD COLUMN g INTEGER DEFAULT TRUE;

COMMIT;
