.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 16: undo: create index t.terms
DROP INDEX terms;

-- step 15: undo: create index t.spelled
DROP INDEX spelled;

-- step 14: undo: create index t.partial
DROP INDEX partial;

-- step 13: undo: create index t.only_once
DROP INDEX only_once;

-- step 12: undo: create index t.fresh
DROP INDEX fresh;

-- step 11: undo: create index t.expression
DROP INDEX expression;

-- step 10: undo: create index t.direction
DROP INDEX direction;

-- step 9: undo: create index t.coll
DROP INDEX coll;

-- step 8: undo: drop index t.terms (made again later)
-- ! INDEX_BUILD: index t.terms: the table is read whole
CREATE INDEX terms ON t (a);

-- step 7: undo: drop index t.spelled (made again later)
-- ! INDEX_BUILD: index t.Spelled: the table is read whole
CREATE INDEX Spelled ON t (a, n);

-- step 6: undo: drop index t.partial (made again later)
-- ! INDEX_BUILD: index t.partial: the table is read whole
CREATE INDEX partial ON t (n) WHERE n > 5;

-- step 5: undo: drop index t.only_once (made again later)
-- ! DATA_DEPENDENT: index t.only_once: fails when two rows are equal in the key
-- ! INDEX_BUILD: index t.only_once: the table is read whole
CREATE UNIQUE INDEX only_once ON t (a, b);

-- step 4: undo: drop index t.gone
-- ! INDEX_BUILD: index t.gone: the table is read whole
CREATE INDEX gone ON t (b, a);

-- step 3: undo: drop index t.expression (made again later)
-- ! INDEX_BUILD: index t.expression: the table is read whole
CREATE INDEX expression ON t (n + 1);

-- step 2: undo: drop index t.direction (made again later)
-- ! INDEX_BUILD: index t.direction: the table is read whole
CREATE INDEX direction ON t (n);

-- step 1: undo: drop index t.coll (made again later)
-- ! INDEX_BUILD: index t.coll: the table is read whole
CREATE INDEX coll ON t (b);

COMMIT;
