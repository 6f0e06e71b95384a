table
both_change
CREATE TABLE `both_change` (
  `id` int(11) NOT NULL,
  `d` int(11) NOT NULL,
  PRIMARY KEY (`id`,`d`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
 PARTITION BY HASH (`d`)
PARTITIONS 2