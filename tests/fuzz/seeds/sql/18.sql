create  table  if not exists main."t"(
  [id] integer primary key /* the key */ autoincrement, `name` varchar ( 10 ) default('x') not null,n integer default(-5));
alter table t add column late text;
create index if not exists `i` on "t"(  "name"  asc );
create view if not exists [v] as /* all */ select id,name
	from t where n>3;
create trigger if not exists tr after insert on t begin update t set n=1;end;
INSERT INTO t (name) VALUES ('one');
