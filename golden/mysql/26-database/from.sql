ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
ALTER DATABASE COMMENT 'one'; -- mariadb
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
