CREATE TABLE t (id int PRIMARY KEY, a varchar(40) DEFAULT 'it''s\nè', b varchar(60) DEFAULT (concat('è', '"', 'x')),
  c int DEFAULT (1 + 2 * 4), d varchar(20), e varchar(20) DEFAULT ' ', f datetime DEFAULT NULL,
  g varchar(90) GENERATED ALWAYS AS (concat(a, 'è', '%', '"', '\t')) VIRTUAL,
  h timestamp(3) NULL DEFAULT NULL, bits bit(4) DEFAULT b'1', bin binary(3) DEFAULT 'ab\0', num decimal(8,2) DEFAULT 0,
  CONSTRAINT c CHECK (a <> 'è' or e <> 'x'));
CREATE TABLE f (id int PRIMARY KEY, a int, n varchar(20), j json,
  KEY fun ((a + 2)), KEY mixed (a, (upper(n))), KEY multi ((cast(j->'$.y' as unsigned array))), -- mysql
  KEY plain (a));
