.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 2: undo: rebuild table ticket: change column text
-- ! REWRITE: table ticket: the table is made anew and every row is copied
CREATE TABLE _snap_new_ticket (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT
);
INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_new_ticket', seq FROM sqlite_sequence WHERE name = 'ticket';
INSERT OR ABORT INTO _snap_new_ticket (id, text) SELECT id, text FROM ticket;
DROP TABLE ticket;
ALTER TABLE _snap_new_ticket RENAME TO ticket;

-- step 1: undo: rebuild table seat: change column row
-- ! REWRITE: table seat: the table is made anew and every row is copied
CREATE TABLE _snap_old_seat AS SELECT id AS c1, "row" AS c2 FROM seat;
INSERT INTO sqlite_sequence (name, seq) SELECT '_snap_old_seat', seq FROM sqlite_sequence WHERE name = 'seat';
DROP TABLE seat;
CREATE TABLE seat (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  row TEXT CHECK (seat.row <> '')
);
INSERT INTO sqlite_sequence (name, seq) SELECT 'seat', seq FROM sqlite_sequence WHERE name = '_snap_old_seat';
INSERT OR ABORT INTO seat (id, "row") SELECT c1, c2 FROM _snap_old_seat;
DROP TABLE _snap_old_seat;
DELETE FROM sqlite_sequence WHERE name = '_snap_old_seat';

COMMIT;
