.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 4: undo: change table up
DELETE FROM sqlite_sequence WHERE name = 'up';
INSERT INTO sqlite_sequence (name, seq) VALUES ('up', 10);

-- step 3: undo: change table unset
DELETE FROM sqlite_sequence WHERE name = 'unset';
INSERT INTO sqlite_sequence (name, seq) VALUES ('unset', 5);

-- step 2: undo: change table "o'clock"
DELETE FROM sqlite_sequence WHERE name = 'o''clock';
INSERT INTO sqlite_sequence (name, seq) VALUES ('o''clock', 12);

-- step 1: undo: change table first_set
DELETE FROM sqlite_sequence WHERE name = 'first_set';

COMMIT;
