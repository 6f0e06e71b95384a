SELECT group_concat(rowid || v) = '5five,9nine' FROM (SELECT rowid, v FROM alias ORDER BY rowid);
SELECT group_concat(rowid || v) = '2two,50fifty' FROM (SELECT rowid, v FROM not_alias ORDER BY rowid);
SELECT group_concat(rowid || v) = '4four,30thirty' FROM (SELECT rowid, v FROM descending ORDER BY rowid);
SELECT id = 77 FROM no_key;
