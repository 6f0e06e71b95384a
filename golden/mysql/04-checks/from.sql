CREATE TABLE t (id int PRIMARY KEY, a int, b int, gone int, CONSTRAINT c_ab CHECK (a < b),
  CONSTRAINT c_gone CHECK (gone > 0), CONSTRAINT c_both CHECK (gone < a),
  CONSTRAINT enforced CHECK (b > 0), CHECK (id > 0));
