CREATE TABLE t (id int PRIMARY KEY, a varchar(40) DEFAULT 'it''s \\ "é"', b varchar(60) DEFAULT (concat('é', '''q''', '\\')),
  c int DEFAULT (1 + 2 * 3), d varchar(20) DEFAULT 'NULL', e varchar(20) DEFAULT '', f datetime DEFAULT CURRENT_TIMESTAMP,
  g varchar(90) GENERATED ALWAYS AS (concat(a, 'é', '\\', '''', '\n')) VIRTUAL,
  h timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), bits bit(4) DEFAULT b'101',
  bin binary(3) DEFAULT 'a\0\0', num decimal(8,2) DEFAULT 1.5, CONSTRAINT c CHECK (a <> 'é' and e <> _latin1'x'));
CREATE TABLE f (id int PRIMARY KEY, a int, n varchar(20), j json,
  KEY fun ((a + 1)), KEY mixed (a, (lower(n)) DESC), KEY multi ((cast(j->'$.z' as unsigned array))), -- mysql
  KEY plain (a));
