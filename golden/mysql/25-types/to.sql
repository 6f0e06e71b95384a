CREATE TABLE t (a int(6), b tinyint(2), c tinyint unsigned, d int(4) unsigned zerofill, e year DEFAULT 2000, f bigint unsigned, g decimal(12,4), h double, i double, j float(7,3), k varchar(4), l bit(8), m varbinary(4),
  n text, o longblob, p mediumtext, q set('a','b','c'), r time(6), s longtext, t geometry, u varchar(300), v varchar(256), w varchar(64), x varchar(11), y varchar(1));
