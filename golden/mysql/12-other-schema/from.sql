CREATE DATABASE IF NOT EXISTS snap_test_x;
CREATE TABLE IF NOT EXISTS snap_test_x.p (id int PRIMARY KEY, a int);
CREATE TABLE c (id int PRIMARY KEY, pid int, KEY (pid));
CREATE VIEW v AS SELECT id FROM c;
CREATE TABLE d (id int PRIMARY KEY, pid int, CONSTRAINT d_p FOREIGN KEY (pid) REFERENCES snap_test_x.p (id));
CREATE TABLE p (id int PRIMARY KEY);
