.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop index t.coll (made again later)
DROP INDEX coll;

-- step 2: drop index t.direction (made again later)
DROP INDEX direction;

-- step 3: drop index t.expression (made again later)
DROP INDEX expression;

-- step 4: drop index t.gone
DROP INDEX gone;

-- step 5: drop index t.only_once (made again later)
DROP INDEX only_once;

-- step 6: drop index t.partial (made again later)
DROP INDEX partial;

-- step 7: drop index t.spelled (made again later)
DROP INDEX Spelled;

-- step 8: drop index t.terms (made again later)
DROP INDEX terms;

-- step 9: create index t.coll
-- ! INDEX_BUILD: index t.coll: the table is read whole
CREATE INDEX coll ON t (b COLLATE NOCASE);

-- step 10: create index t.direction
-- ! INDEX_BUILD: index t.direction: the table is read whole
CREATE INDEX direction ON t (n DESC);

-- step 11: create index t.expression
-- ! INDEX_BUILD: index t.expression: the table is read whole
CREATE INDEX expression ON t (n + 2);

-- step 12: create index t.fresh
-- ! DATA_DEPENDENT: index t.fresh: fails when two rows are equal in the key
-- ! INDEX_BUILD: index t.fresh: the table is read whole
CREATE UNIQUE INDEX fresh ON t (a) WHERE b = 'x';

-- step 13: create index t.only_once
-- ! INDEX_BUILD: index t.only_once: the table is read whole
CREATE INDEX only_once ON t (a, b);

-- step 14: create index t.partial
-- ! INDEX_BUILD: index t.partial: the table is read whole
CREATE INDEX partial ON t (n) WHERE n > 50;

-- step 15: create index t.spelled
-- ! INDEX_BUILD: index t.spelled: the table is read whole
CREATE INDEX spelled ON t (a, n);

-- step 16: create index t.terms
-- ! INDEX_BUILD: index t.terms: the table is read whole
CREATE INDEX terms ON t (a, b);

COMMIT;
