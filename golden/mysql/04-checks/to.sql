CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT c_ab CHECK (a <= b),
  CONSTRAINT c_both CHECK (a > 0),
  CONSTRAINT enforced CHECK (b > 0) NOT ENFORCED, -- mysql
  CONSTRAINT enforced CHECK (b > 1), -- mariadb
  CHECK (id > 0), CHECK (concat(a, '') <> 'it''s'));
