SELECT group_concat(rowid || b || c) = '130one,220two' FROM (SELECT rowid, b, c FROM t ORDER BY rowid);
