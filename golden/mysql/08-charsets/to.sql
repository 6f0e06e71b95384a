CREATE TABLE standard (id int PRIMARY KEY, a varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, b text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, c varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin) DEFAULT CHARSET=latin1;
CREATE TABLE converts (id int PRIMARY KEY, a varchar(20), b text, c enum('x','é'), d char(3)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE written (id int PRIMARY KEY, a varchar(20), b varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE three (a varchar(20) CHARACTER SET utf8mb4, b varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci);
CREATE TABLE binaries (a varbinary(40), b char(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, c longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin);
CREATE TABLE later (id int PRIMARY KEY, a varchar(20), b text, c varchar(20) COLLATE latin1_bin, d int) DEFAULT CHARSET=latin1;
ALTER TABLE later DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
ALTER TABLE later ADD COLUMN e varchar(20);
CREATE TABLE past (id int PRIMARY KEY, a varchar(30), b varchar(20), c varchar(20) NOT NULL DEFAULT 'x') DEFAULT CHARSET=latin1;
ALTER TABLE past DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE past_lines (id int PRIMARY KEY, `a
	b` varchar(30) DEFAULT 'x	y
z', c enum('1
2', '3	4', '5')) DEFAULT CHARSET=latin1;
ALTER TABLE past_lines DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
