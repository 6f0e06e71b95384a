SET sql_mode = '';
INSERT INTO t (id) VALUES (1);
