SELECT rowid = 100 AND title = 'dog' FROM five WHERE five MATCH 'dog';
SELECT docid = 200 AND title = 'cat' FROM four WHERE four MATCH 'cat';
SELECT rowid = 100 AND title = 'dog' FROM seen WHERE seen MATCH 'dog';
SELECT rowid = 200 AND title = 'cat' FROM by_number WHERE by_number MATCH 'cat';
SELECT group_concat(rowid || title) = '100dog,200cat' FROM (SELECT rowid, title FROM doc ORDER BY rowid);
