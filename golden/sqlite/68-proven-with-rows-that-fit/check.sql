SELECT group_concat(quote(c)) = '12,NULL' FROM (SELECT c FROM tight ORDER BY a);
