.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table c: add foreign key
-- ! DATA_DEPENDENT: table c: a row without a parent stops it
-- ! REWRITE: table c: the table is made anew and every row is copied
CREATE TABLE _snap_new_c (
  id INTEGER PRIMARY KEY,
  x INTEGER,
  y TEXT,
  FOREIGN KEY (x, y) REFERENCES p
);
INSERT OR ABORT INTO _snap_new_c (id, x, y) SELECT id, x, y FROM c;
DROP TABLE c;
ALTER TABLE _snap_new_c RENAME TO c;
SELECT json_extract('{}', 'snap: foreign key c (x, y) references p; rows without a parent: ' || n) FROM (SELECT count(*) AS n FROM c AS c WHERE c.x IS NOT NULL AND c.y IS NOT NULL AND NOT EXISTS (SELECT 1 FROM p AS p WHERE p.a = +c.x AND p.b = +c.y)) WHERE n > 0;

COMMIT;
