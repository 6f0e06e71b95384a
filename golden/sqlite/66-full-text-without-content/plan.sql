.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: change virtual table empties
-- ! DATA_LOSS: virtual table empties: a full-text table without content cannot be filled from itself: it is empty afterwards
CREATE TABLE _snap_set_empties AS SELECT k, v FROM empties_config WHERE k <> 'version';
DROP TABLE empties;
CREATE VIRTUAL TABLE empties USING fts5(title, body UNINDEXED, content = '');
INSERT INTO empties (empties, rank) SELECT k, v FROM _snap_set_empties;
DROP TABLE _snap_set_empties;

-- step 2: change virtual table stems
-- ! DATA_LOSS: virtual table stems: a full-text table without content cannot be filled from itself: it is empty afterwards
CREATE TABLE _snap_set_stems AS SELECT k, v FROM stems_config WHERE k <> 'version';
DROP TABLE stems;
CREATE VIRTUAL TABLE stems USING fts5(body, content = '', tokenize = 'porter');
INSERT INTO stems (stems, rank) SELECT k, v FROM _snap_set_stems;
DROP TABLE _snap_set_stems;

COMMIT;
