create table p(id int not null, k int default 3, t text) partition by range(id);
create table p1 partition of p for values from (1) to (10);
create table p2 partition of p for values from (10) to (20);
create index on p(k); alter table p add primary key(id);
create table par(a int, b text); create table chi(c int) inherits (par);
