SET sql_mode = '';
CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL DEFAULT '0000-00-00', dt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', ts timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', n int);
