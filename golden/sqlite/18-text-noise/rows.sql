INSERT INTO t (name) VALUES ('one'), ('two');
