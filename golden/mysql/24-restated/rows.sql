INSERT INTO t (id, a) VALUES (7, 'y'); -- mariadb
INSERT INTO t (id, a, g) VALUES (7, 'y', ST_GeomFromText('POINT(1 2)', 4326)); -- mysql
INSERT INTO o VALUES (1, 'v', '2001-01-01 00:00:00');
