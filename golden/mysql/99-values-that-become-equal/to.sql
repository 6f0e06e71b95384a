CREATE TABLE t (a varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, b varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, c varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, UNIQUE KEY named (a), KEY unnamed (b));
CREATE TABLE u (id varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
