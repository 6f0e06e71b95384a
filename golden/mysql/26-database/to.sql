ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin;
ALTER DATABASE COMMENT 'it''s two'; -- mariadb
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
CREATE TABLE u (id int PRIMARY KEY, a varchar(20));
