create table p(id int not null, k int not null default 4, t text, z int default 1) partition by range(id);
create table p1 partition of p for values from (1) to (12);
create table p2 (id int not null, k int not null default 4, t text, z int default 1);
create table p3 partition of p for values from (20) to (30);
create index on p(k); alter table p add primary key(id);
create table par(a bigint, b text, d date not null); create table chi(c int) inherits (par);
