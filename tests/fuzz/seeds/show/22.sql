table
both_change
CREATE TABLE `both_change` (
  `id` int NOT NULL,
  `d` int NOT NULL,
  PRIMARY KEY (`id`,`d`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
/*!50100 PARTITION BY HASH (`d`)
PARTITIONS 2 */