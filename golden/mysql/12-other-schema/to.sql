CREATE DATABASE IF NOT EXISTS snap_test_x;
CREATE TABLE IF NOT EXISTS snap_test_x.p (id int PRIMARY KEY, a int);
CREATE TABLE c (id int PRIMARY KEY, pid int, KEY (pid), CONSTRAINT c_p FOREIGN KEY (pid) REFERENCES snap_test_x.p (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT c.id, p.a FROM c JOIN snap_test_x.p ON p.id = c.pid;
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE d (id int PRIMARY KEY, pid int, CONSTRAINT d_p FOREIGN KEY (pid) REFERENCES p (id));
