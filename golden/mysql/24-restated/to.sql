CREATE TABLE t (id bigint NOT NULL AUTO_INCREMENT COMMENT 'number', a varchar(30) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'x' COMMENT 'it''s',
  ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'since when', hidden bigint INVISIBLE COMMENT 'h',
  g geometry NOT NULL SRID 4326 COMMENT 'other', -- mysql
  dt datetime(6) DEFAULT CURRENT_TIMESTAMP(6), seen int INVISIBLE,
  options varchar(10) COLUMN_FORMAT FIXED, -- mysql
  j json COMMENT 'json', -- mariadb
  c varchar(30) COMPRESSED COMMENT 'c', -- mariadb
  n int CHECK (n > 1), -- mariadb
  PRIMARY KEY (id)) COMMENT = 'other';
CREATE TABLE o (id int, v varchar(9), ts timestamp NOT NULL DEFAULT '2000-01-01 00:00:00') ENGINE=InnoDB;
CREATE TABLE i (id int PRIMARY KEY) ROW_FORMAT=DYNAMIC STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=20;
CREATE TABLE s (g point NOT NULL SRID 0, h point NOT NULL); -- mysql
