SELECT v = 'bm25(10.0, 5.0)' FROM f_config WHERE k = 'rank';
SELECT v = 7 FROM f_config WHERE k = 'automerge';
SELECT v = 500 FROM f_config WHERE k = 'pgsz';
SELECT title = 'running' FROM f WHERE f MATCH 'running';
