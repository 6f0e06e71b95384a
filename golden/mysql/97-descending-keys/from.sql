CREATE TABLE p (id int PRIMARY KEY, b int, UNIQUE KEY pb (id, b));
CREATE TABLE gains (id int PRIMARY KEY, a int, KEY k (a DESC));
CREATE TABLE two (id int PRIMARY KEY, a int, b int, KEY `f` (a DESC, b));
CREATE TABLE loses (id int PRIMARY KEY, a int, KEY k (a), CONSTRAINT f3 FOREIGN KEY (a) REFERENCES p (id));
CREATE TABLE action (id int PRIMARY KEY, a int, KEY k (a DESC), KEY j (a), CONSTRAINT f4 FOREIGN KEY (a) REFERENCES p (id));
ALTER TABLE action DROP KEY j;
