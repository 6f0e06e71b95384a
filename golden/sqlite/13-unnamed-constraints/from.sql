CREATE TABLE t (
  a INTEGER CHECK (a > 0) CHECK (a < 100),
  b TEXT,
  c TEXT,
  UNIQUE (b, c),
  UNIQUE (c),
  CHECK (length(b) < 10),
  CONSTRAINT has_c CHECK (c <> ''),
  FOREIGN KEY (a) REFERENCES p (id)
);
CREATE TABLE p (id INTEGER PRIMARY KEY);
