.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: change table first_set
DELETE FROM sqlite_sequence WHERE name = 'first_set';
INSERT INTO sqlite_sequence (name, seq) VALUES ('first_set', 1);

-- step 2: change table "o'clock"
DELETE FROM sqlite_sequence WHERE name = 'o''clock';
INSERT INTO sqlite_sequence (name, seq) VALUES ('o''clock', 13);

-- step 3: change table unset
DELETE FROM sqlite_sequence WHERE name = 'unset';

-- step 4: change table up
DELETE FROM sqlite_sequence WHERE name = 'up';
INSERT INTO sqlite_sequence (name, seq) VALUES ('up', 9007199254740993);

COMMIT;
