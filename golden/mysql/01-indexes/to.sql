CREATE TABLE t (id int PRIMARY KEY, a varchar(40), b varchar(40), c text, d int, e int,
  FULLTEXT KEY ft (c) WITH PARSER ngram, -- mysql
  FULLTEXT KEY ft (c) COMMENT 'words', -- mariadb
  KEY k_comment (a) COMMENT 'two', KEY k_prefix (b(20)),
  KEY k_hidden (d) INVISIBLE, -- mysql
  KEY k_hidden (d) IGNORED, -- mariadb
  UNIQUE KEY k_type (e), KEY k_desc (d DESC, e), KEY k_using (a, b) USING BTREE);
CREATE TABLE m (id int, a int, KEY h (a) KEY_BLOCK_SIZE=4, KEY i (id)) ENGINE=MyISAM;
CREATE TABLE p (id int NOT NULL, PRIMARY KEY (id) USING HASH) ENGINE=MEMORY;
CREATE TABLE q (id int NOT NULL, PRIMARY KEY (id) USING BTREE COMMENT 'it''s two');
