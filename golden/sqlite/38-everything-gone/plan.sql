.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop view w
DROP VIEW w;

-- step 2: drop view v
DROP VIEW v;

-- step 3: drop virtual table f
-- ! DATA_LOSS: virtual table f: its rows are lost
DROP TABLE f;

-- step 4: drop table grandchild
-- ! DATA_LOSS: table grandchild: its rows are lost
DROP TABLE grandchild;

-- step 5: drop table child
-- ! DATA_LOSS: table child: its rows are lost
DROP TABLE child;

-- step 6: drop table parent
-- ! DATA_LOSS: table parent: its rows are lost
DROP TABLE parent;

COMMIT;
