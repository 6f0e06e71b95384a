CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE KEY ab (a, b));
CREATE TABLE c (id int PRIMARY KEY, pid int, other int, FOREIGN KEY (pid) REFERENCES p (id));
CREATE TABLE wider (id int PRIMARY KEY, pid int, other int, FOREIGN KEY (pid) REFERENCES p (id));
CREATE TABLE retyped (id int PRIMARY KEY, pid int, FOREIGN KEY (pid) REFERENCES p (id));
CREATE TABLE action (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b));
CREATE TABLE twice (id int PRIMARY KEY, pid int, pid_2 int, FOREIGN KEY (pid) REFERENCES p (id), KEY pid_2 (pid_2));
CREATE TABLE hidden (id int PRIMARY KEY, pid int, CONSTRAINT h FOREIGN KEY (pid) REFERENCES p (id));
ALTER TABLE hidden ALTER INDEX h INVISIBLE; -- mysql
ALTER TABLE hidden ALTER INDEX h IGNORED; -- mariadb
