create table t (id int primary key, a int) engine=aria;
create table i (id int primary key, a int);
create table t0 (id int primary key, a int) engine=aria page_checksum=0 transactional=0 row_format=page;
create table t1 (id int primary key, a int) engine=innodb page_compressed=1;
create table t2 (id int primary key, a int) engine=aria transactional=0;
create table t3 (id int primary key, a int) engine=myisam row_format=fixed pack_keys=1 delay_key_write=1 checksum=1 avg_row_length=10;
