SET foreign_key_checks = 0;
CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE KEY ab (a, b), UNIQUE KEY ba (b, a), UNIQUE KEY (b));
CREATE TABLE c (id int PRIMARY KEY, x int, y int, KEY covers (x, y), KEY zz (y, x),
  CONSTRAINT same FOREIGN KEY (x) REFERENCES p (id) ON DELETE SET NULL, CONSTRAINT two FOREIGN KEY (y, x) REFERENCES p (b, a),
  CONSTRAINT acts FOREIGN KEY (y) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT other FOREIGN KEY (y) REFERENCES tree (id) ON DELETE NO ACTION);
CREATE TABLE tree (id int PRIMARY KEY, up int, CONSTRAINT tree_up FOREIGN KEY (up) REFERENCES tree (id) ON DELETE CASCADE);
CREATE TABLE implicit (id int PRIMARY KEY, x int, KEY i (x));
CREATE TABLE three (id int PRIMARY KEY, four int);
CREATE TABLE four (id int PRIMARY KEY, three int, FOREIGN KEY (three) REFERENCES three (id));
ALTER TABLE three ADD FOREIGN KEY (four) REFERENCES four (id);
CREATE TABLE covered (id int PRIMARY KEY, x int, KEY k (x) USING BTREE, CONSTRAINT k FOREIGN KEY (x) REFERENCES p (id));
