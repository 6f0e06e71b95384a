CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a)) PARTITION BY HASH(id) PARTITIONS 2;
CREATE TABLE own (id int, a int, key k (a) key_block_size=4 , key j (id) key_block_size=4) partition by hash(id);
