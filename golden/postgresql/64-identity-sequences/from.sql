-- Sequences of identities that are logged other than their tables, or without default grants.
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE b_id_seq SET UNLOGGED;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO snap_owner_1;
CREATE TABLE before (id int NOT NULL);
CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY);
COMMENT ON SEQUENCE c_id_seq IS 'of c';
