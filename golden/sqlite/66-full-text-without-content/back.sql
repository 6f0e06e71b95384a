.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 2: undo: change virtual table stems
-- ! DATA_LOSS: virtual table stems: a full-text table without content cannot be filled from itself: it is empty afterwards
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_set_stems AS SELECT k, v FROM stems_config WHERE k <> 'version';
DROP TABLE stems;
CREATE VIRTUAL TABLE stems USING fts5(body, content = '');
INSERT INTO stems (stems, rank) SELECT k, v FROM _snap_set_stems;
DROP TABLE _snap_set_stems;

-- step 1: undo: change virtual table empties
-- ! DATA_LOSS: virtual table empties: a full-text table without content cannot be filled from itself: it is empty afterwards
-- ! this restores the schema and not the rows or values that were lost
CREATE TABLE _snap_set_empties AS SELECT k, v FROM empties_config WHERE k <> 'version';
DROP TABLE empties;
CREATE VIRTUAL TABLE empties USING fts5(title, body UNINDEXED);
INSERT INTO empties (empties, rank) SELECT k, v FROM _snap_set_empties;
DROP TABLE _snap_set_empties;

COMMIT;
