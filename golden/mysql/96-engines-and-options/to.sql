create table t (id int primary key, a int) engine=innodb;
create table i (id int primary key, a int) engine=aria page_checksum=0;
create table t0 (id int primary key, a int) engine=innodb;
create table t1 (id int primary key, a int) engine=memory;
create table t2 (id int primary key, a int) engine=aria;
create table t3 (id int primary key, a int) engine=innodb row_format=dynamic;
