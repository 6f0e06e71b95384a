table
chain
CREATE TABLE `chain` (
  `id` int(11) NOT NULL,
  `v` int(11) GENERATED ALWAYS AS (`id` + 1) STORED,
  `w` int(11) GENERATED ALWAYS AS (`v` + 1) VIRTUAL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `v` (`v`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci