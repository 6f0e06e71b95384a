-- the same
CREATE TABLE `p` (
  "id" integer not null,
  [code] TeXt,
  n numeric ( 10 , 2 ),
  check ( "code" <> '' ), unique ("code" asc), primary key (ID)
);
/* the same */
create table c (
  p integer, g integer generated always as (p + 1) virtual, d text default 'x' collate nocase not null,
  foreign key (p) references p (id) on update set null on delete cascade
);
CREATE INDEX i ON c ("p" ASC, d ASC);
CREATE TRIGGER t AFTER INSERT ON c WHEN NEW.p > 0 BEGIN DELETE /* them */ FROM c WHERE p = NEW.p; END;
create view v as select p, 'Text "x"' as s from c -- end
;
CREATE VIRTUAL TABLE f USING FTS5(a, tokenize = 'porter');
