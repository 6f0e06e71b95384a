CREATE TABLE t (a integer);
CREATE INDEX broken ON t (a);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass;
