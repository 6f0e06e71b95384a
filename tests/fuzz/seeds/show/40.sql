table
chain
CREATE TABLE `chain` (
  `id` int NOT NULL,
  `v` int GENERATED ALWAYS AS ((`id` + 1)) STORED,
  `w` int GENERATED ALWAYS AS ((`v` + 1)) VIRTUAL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `v` (`v`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci