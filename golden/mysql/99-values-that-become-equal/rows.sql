INSERT INTO t VALUES ('a', 'a', 'a'), ('b', 'a', 'a');
INSERT INTO u VALUES ('a'), ('b');
