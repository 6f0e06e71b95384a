create table t1 (id integer primary key autoincrement, a varchar(20) default 'x''y' not null, b numeric(12,2) default 2.5, c timestamp not null default current_timestamp, d text default (1+2), e boolean default true, f int default null, g "my type", i real default -1, j text collate nocase default '', k int generated always as (i+1), l blob default x'00', m text default 'NULL', check(b>0));
create table "T 2" (id bigint not null, t1 int references t1(id) on delete restrict on update set null, x text, constraint pk2 primary key (id, t1), unique(x), constraint u2 unique (x, t1), constraint fkx foreign key (x) references t1);
create table t3 (a int, b int primary key desc) ;
create table t4 (a text primary key) without rowid;
create index ix1 on t1 (b) where b>0;
create unique index ix2 on t1 (lower(a));
create view v1 as select a, b from t1 where b > 2 -- comment
;
create trigger tr after insert on t1 begin select 1; end;
create table t5 (id integer primary key, t1 int not null references t1(id), a varchar(30) default 'new' not null);
create view v2 as select v1.a, t5.id from v1, t5;
create unique index t5_a on t5 (a);
-- several keys of the same columns: one is told
CREATE TABLE doubles (a int PRIMARY KEY, b int, c int, d int, CONSTRAINT doubles_b UNIQUE (b));
CREATE INDEX doubles_a ON doubles (a);
CREATE INDEX doubles_b1 ON doubles (b);
CREATE UNIQUE INDEX doubles_b2 ON doubles (b);
CREATE INDEX doubles_cd ON doubles (c, d);
CREATE UNIQUE INDEX doubles_cd1 ON doubles (c, d);
CREATE INDEX doubles_dc ON doubles (d, c);
