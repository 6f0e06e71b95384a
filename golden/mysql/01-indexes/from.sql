CREATE TABLE t (id int PRIMARY KEY, a varchar(40), b varchar(40), c text, d int, e int,
  FULLTEXT KEY ft (c), KEY k_comment (a) COMMENT 'one', KEY k_prefix (b(10)), KEY k_hidden (d),
  KEY k_type (e), KEY k_desc (d, e), KEY k_using (a, b));
CREATE TABLE m (id int, a int, KEY h (a) USING BTREE, KEY i (id) KEY_BLOCK_SIZE=8) ENGINE=MyISAM;
CREATE TABLE p (id int NOT NULL, PRIMARY KEY (id) USING BTREE) ENGINE=MEMORY;
CREATE TABLE q (id int NOT NULL, PRIMARY KEY (id) COMMENT 'one');
