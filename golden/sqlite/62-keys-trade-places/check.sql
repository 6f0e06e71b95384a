SELECT group_concat(rowid || a || c) = '202two,301one' FROM (SELECT rowid, a, c FROM t ORDER BY rowid);
