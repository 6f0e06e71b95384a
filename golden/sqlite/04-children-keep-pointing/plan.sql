.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table place: change column title
-- ! DATA_DEPENDENT: column place.title: a row that holds NULL stops it
-- ! REWRITE: table place: the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column place.title becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM place WHERE title IS NULL) WHERE n > 0;
CREATE TABLE _snap_new_place (
  code TEXT PRIMARY KEY,
  title TEXT NOT NULL DEFAULT '',
  inside TEXT REFERENCES place
);
INSERT OR ABORT INTO _snap_new_place (rowid, code, title, inside) SELECT rowid, code, title, inside FROM place;
DROP TABLE place;
ALTER TABLE _snap_new_place RENAME TO place;

COMMIT;
