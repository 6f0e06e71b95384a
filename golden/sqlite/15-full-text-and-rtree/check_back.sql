SELECT count(*) = 0 FROM own WHERE own MATCH 'run';
SELECT rowid = 4 FROM own WHERE own MATCH 'running';
SELECT rowid = 9 FROM outside WHERE outside MATCH 'cup';
SELECT v = 7 FROM own_config WHERE k = 'automerge';
