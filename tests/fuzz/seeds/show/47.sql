table
numbered
CREATE TABLE `numbered` (
  `id` bigint(20) NOT NULL DEFAULT nextval(`lbq`.`numbers`),
  `txt` text DEFAULT 'x;\\',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci