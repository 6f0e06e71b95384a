table
t
CREATE TABLE `t` (
  `id` int NOT NULL,
  `a` bigint DEFAULT NULL,
  `b` varchar(40) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `added` int DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci