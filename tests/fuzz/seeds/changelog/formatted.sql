--liquibase formatted sql
-- proof: 5 steps applied, undone and applied again, all undone; 1 table with rows; reached 90865c72
--property name:snap.d value:${ global:false

--changeset "snap":"ea40e6acd16a35d1" dbms:sqlite rollbackSplitStatements:false splitStatements:false stripComments:false
--comment drop view w
DROP VIEW w
--rollback CREATE VIEW w AS SELECT 1 AS a

--changeset "snap":"63c573e29d1c0787" dbms:sqlite runInTransaction:false rollbackEndDelimiter:snap_end endDelimiter:snap_end rollbackSplitStatements:true splitStatements:true stripComments:false
--comment rebuild table t: add check, add column b (DATA_DEPENDENT: check of t: a row that does not fit the CHECK stops it; REWRITE: table t: the table is made anew and every row is copied)
PRAGMA foreign_keys = off
snap_end
SAVEPOINT snap
snap_end
CREATE TABLE _snap_new_t (
  a INT CHECK (a<5),
  b TEXT DEFAULT '${snap.d}x}'
)
snap_end
INSERT OR ABORT INTO _snap_new_t (rowid, a) SELECT rowid, a FROM t
snap_end
DROP TABLE t
snap_end
ALTER TABLE _snap_new_t RENAME TO t
snap_end
RELEASE snap
snap_end
--rollback PRAGMA foreign_keys = off
--rollback snap_end
--rollback SAVEPOINT snap
--rollback snap_end
--rollback CREATE TABLE _snap_new_t (
--rollback   a INT
--rollback )
--rollback snap_end
--rollback INSERT OR ABORT INTO _snap_new_t (rowid, a) SELECT rowid, a FROM t
--rollback snap_end
--rollback DROP TABLE t
--rollback snap_end
--rollback ALTER TABLE _snap_new_t RENAME TO t
--rollback snap_end
--rollback RELEASE snap
--rollback snap_end

--changeset "snap":"bc39441c25da9558" dbms:sqlite rollbackSplitStatements:false splitStatements:false stripComments:false
--comment create index t.i (INDEX_BUILD: index t.i: the table is read whole)
CREATE INDEX i ON t (b DESC)
--rollback DROP INDEX i

--changeset "snap":"d7be4bb06dcdab32" dbms:sqlite rollbackSplitStatements:false splitStatements:false stripComments:false
--comment create view v
CREATE VIEW v AS SELECT 'a
  b
' AS a, '<&>]]>' AS "${snap.d}user.name}", '${snap.d}${snap.d}x}}' AS "$${snap.d}snap.d}", 'é    😀' AS z
--rollback DROP VIEW v

--changeset "snap":"dd031a4067aacc18" dbms:sqlite rollbackSplitStatements:false splitStatements:false stripComments:false
--comment create trigger t.tr
CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT CASE WHEN new.a THEN 1 END; DELETE FROM t WHERE a = '
-- x'; END
--rollback DROP TRIGGER tr
