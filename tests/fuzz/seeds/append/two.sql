3--liquibase formatted sql
--property name:a value:b

--changeset b:1 splitStatements:false labels:"a b" context:x
--comment hi
CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;
--rollback drop trigger x
/* liquibase rollback
drop index i
*/
-- liquibase formatted sql
--changeset "b c":2
create or replace view v as select $$;$$;
--rollback empty
