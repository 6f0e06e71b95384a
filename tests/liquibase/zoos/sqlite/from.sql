create table t1 (id integer primary key autoincrement, a varchar(20) default 'x''y' not null, b numeric(10,2) default 1.5, c timestamp default current_timestamp, d text default (1+2), e boolean default true, f int default null, g "my type", h, i real default -1, j text collate nocase default '', k int generated always as (i+1), l blob default x'00', m text default 'NULL', check(b>0));
create table "T 2" (id bigint not null, t1 int references t1(id) on delete cascade on update set null, x text, constraint pk2 primary key (id, t1), unique(t1), constraint u2 unique (x, t1), constraint fkx foreign key (x) references t1);
create table t3 (a int, b int primary key desc) ;
create table t4 (a text primary key) without rowid;
create index ix1 on t1 (a desc, b) where b>0;
create unique index ix2 on t1 (lower(a));
create view v1 as select a, b from t1 where b > 1 -- comment
;
create trigger tr after insert on t1 begin select 1; end;
-- several keys of the same columns: one is told
CREATE TABLE doubles (a int PRIMARY KEY, b int, c int, d int, CONSTRAINT doubles_b UNIQUE (b));
CREATE INDEX doubles_a ON doubles (a);
CREATE INDEX doubles_b1 ON doubles (b);
CREATE UNIQUE INDEX doubles_b2 ON doubles (b);
CREATE INDEX doubles_cd ON doubles (c, d);
CREATE UNIQUE INDEX doubles_cd1 ON doubles (c, d);
CREATE INDEX doubles_dc ON doubles (d, c);
