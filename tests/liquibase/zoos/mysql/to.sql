create table t1 (id int auto_increment primary key, a varchar(20) default 'x''y' not null comment 'cc', b decimal(12,2) default 2.5, c timestamp default current_timestamp on update current_timestamp, d text, e boolean default true, f date default '2020-01-01', g enum('a','b''c') default 'a', h set('x','y'), i datetime(3) default current_timestamp(3), k bit(4) default b'101', l double default 1e10, m bigint unsigned, n int generated always as (length(a)) stored, o json, p tinyint(1), q mediumint zerofill, r time(2), s smallint default -1, u varbinary(10) default 'ab', v float(7,3), w year, x blob, y longtext, z int default null, aa varchar(12) not null default 'q', bb date default (curdate()), cc decimal, dd tinyblob, ee binary(4), ff varchar(5) default '', gg double(5,2), hh int, ii tinyint unsigned default 3, check (b>0)) comment='another comment';
create table `T 2` (id bigint not null, t1 int, `X y` varchar(30), constraint pk2 primary key (id, t1), unique(t1), unique key u2 (`X y`(5), t1), key k3 (`X y`), fulltext key ft (`X y`), constraint fk_a foreign key (t1) references t1(id) on delete cascade on update no action);
create index ix1 on t1 (a);
create view v1 as select a, b from t1 where b > 2 and a like 'x%';
create trigger tr before insert on t1 for each row set new.b=1;
create procedure p() select 1;
create table t3 (id int auto_increment primary key, t1 int not null, a varchar(30) default 'new' not null, at timestamp default current_timestamp, n decimal(5,1), constraint t3_t1 foreign key (t1) references t1(id));
create view v2 as select v1.a, t3.at from v1, t3;
create unique index t3_a on t3 (a, at);
-- several keys of the same columns: one is told
CREATE TABLE doubles (a int PRIMARY KEY, b int, c int, d int, CONSTRAINT doubles_b UNIQUE (b));
CREATE INDEX doubles_a ON doubles (a);
CREATE INDEX doubles_b1 ON doubles (b);
CREATE UNIQUE INDEX doubles_b2 ON doubles (b);
CREATE INDEX doubles_cd ON doubles (c, d);
CREATE UNIQUE INDEX doubles_cd1 ON doubles (c, d);
CREATE INDEX doubles_dc ON doubles (d, c);
