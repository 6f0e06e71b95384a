CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE KEY ab (a, b), UNIQUE KEY ba (b, a), UNIQUE KEY (b));
CREATE TABLE c (id int PRIMARY KEY, x int, y int, KEY cover (x, y), KEY z (y),
  CONSTRAINT same FOREIGN KEY (x) REFERENCES p (id), CONSTRAINT two FOREIGN KEY (x, y) REFERENCES p (a, b),
  CONSTRAINT acts FOREIGN KEY (y) REFERENCES p (id) ON DELETE CASCADE, CONSTRAINT other FOREIGN KEY (y) REFERENCES p (b));
CREATE TABLE one (id int PRIMARY KEY, two int);
CREATE TABLE two (id int PRIMARY KEY, one int, FOREIGN KEY (one) REFERENCES one (id));
ALTER TABLE one ADD CONSTRAINT one_two FOREIGN KEY (two) REFERENCES two (id);
CREATE TABLE tree (id int PRIMARY KEY, up int, FOREIGN KEY (up) REFERENCES tree (id));
CREATE TABLE implicit (id int PRIMARY KEY, x int, CONSTRAINT i FOREIGN KEY (x) REFERENCES p (id));
CREATE TABLE covered (id int PRIMARY KEY, x int, KEY k (x), CONSTRAINT k FOREIGN KEY (x) REFERENCES p (id));
