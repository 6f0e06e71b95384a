CREATE TABLE t (a int(5), b tinyint(1), c bool, d int unsigned zerofill, e year, f bigint(20) unsigned, g decimal(10,2), h double(10,3), i float, j real, k char(4), l bit(1), m binary(4),
  n tinytext, o mediumblob, p longtext, q set('a','b'), r time(3), s json, t point, u text, v varchar(255), w varchar(60), x int, y enum('a','b'));
