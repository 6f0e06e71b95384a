CREATE TABLE p (id bigint PRIMARY KEY, a int, b int, UNIQUE KEY ab (a, b));
CREATE TABLE c (id int PRIMARY KEY, pid bigint, other int, KEY pid (pid));
CREATE TABLE wider (id int PRIMARY KEY, pid bigint, other int, KEY pid (pid), KEY more (pid, other), FOREIGN KEY (pid) REFERENCES p (id));
CREATE TABLE retyped (id int PRIMARY KEY, pid bigint, KEY pid (pid), FOREIGN KEY (pid) REFERENCES p (id));
CREATE TABLE action (id int PRIMARY KEY, a int, b int, KEY a (a, b), FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE CASCADE);
CREATE TABLE twice (id int PRIMARY KEY, pid bigint, pid_2 bigint, FOREIGN KEY (pid_2) REFERENCES p (id), KEY pid (pid));
CREATE TABLE hidden (id int PRIMARY KEY, pid bigint, CONSTRAINT h FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE);
ALTER TABLE hidden ALTER INDEX h INVISIBLE; -- mysql
ALTER TABLE hidden ALTER INDEX h IGNORED; -- mariadb
