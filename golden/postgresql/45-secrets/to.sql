CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'other-key', plain 'b');
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'b', token 'other-token');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'v', password 'other-one');
CREATE USER MAPPING FOR snap_test_reader SERVER s OPTIONS (user 'v', password 'other-two');
CREATE FOREIGN TABLE t (a integer OPTIONS (secret 'other-column', k 'w')) SERVER s OPTIONS (private_key 'other-table', k 'w');
CREATE SUBSCRIPTION words CONNECTION 'host=b dbname=y' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION url CONNECTION 'postgresql://me:canary-four@a/x?connect_timeout=4' PUBLICATION p, q WITH (connect = false, slot_name = NONE);
