CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'canary-key', plain 'a');
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'a', token 'canary-token');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'canary-one');
CREATE FOREIGN TABLE t (a integer OPTIONS (secret 'canary-column', k 'v')) SERVER s OPTIONS (private_key 'canary-table', k 'v');
CREATE SUBSCRIPTION words CONNECTION 'host=a password = ''canary \'' two'' dbname=x sslpassword=canary-three' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION url CONNECTION 'postgresql://me:canary-four@a/x?connect_timeout=4' PUBLICATION p WITH (connect = false, slot_name = NONE);
