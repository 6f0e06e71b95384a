INSERT INTO stems (rowid, body) VALUES (1, 'running');
INSERT INTO empties VALUES ('a', 'b');
