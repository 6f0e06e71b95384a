SELECT count(*) = 2 FROM v4;
SELECT z = 2 FROM a_new LIMIT 1;
SELECT count(*) = 2 FROM t;
