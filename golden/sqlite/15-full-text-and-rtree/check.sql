SELECT rowid = 4 FROM own WHERE own MATCH 'run';
SELECT rowid = 3 FROM outside WHERE outside MATCH 'boil';
SELECT group_concat(id) = '1,2' FROM (SELECT id FROM area WHERE x0 <= 6 AND x1 >= 6 ORDER BY id);
SELECT name = 'unit' FROM whole WHERE x1 >= 1;
SELECT v = 7 FROM own_config WHERE k = 'automerge';
