CREATE TABLE t (id int PRIMARY KEY, a int,
  v int GENERATED ALWAYS AS (a + 1) STORED, s int GENERATED ALWAYS AS (a + 2) VIRTUAL,
  x int GENERATED ALWAYS AS (a * 4) VIRTUAL, y int GENERATED ALWAYS AS (a * 5) STORED,
  n varchar(20) GENERATED ALWAYS AS (concat('it''s ', a)) STORED, z int,
  KEY v (v), UNIQUE KEY s (s));
CREATE TABLE chain (id int PRIMARY KEY, v int GENERATED ALWAYS AS (id + 1) STORED, w int GENERATED ALWAYS AS (v + 1) VIRTUAL,
  UNIQUE KEY (v, id));
