table
removed
CREATE TABLE `removed` (
  `id` int NOT NULL,
  `a` bigint DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci