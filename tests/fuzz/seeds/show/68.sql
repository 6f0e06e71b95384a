table
removed
CREATE TABLE `removed` (
  `id` int(11) NOT NULL,
  `a` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci