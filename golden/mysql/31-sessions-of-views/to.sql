CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
SET NAMES utf8mb4 COLLATE utf8mb4_bin;
CREATE VIEW v AS SELECT 'a' AS x, id FROM t;
CREATE VIEW below AS SELECT 'A' = 'a' AS same FROM t;
CREATE VIEW above AS SELECT same, 'b' AS b FROM below;
SET NAMES utf8mb4 COLLATE utf8mb4_bin;
CREATE VIEW old AS SELECT id, concat('x', a) AS y FROM t;
