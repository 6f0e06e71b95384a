table
t
CREATE TABLE `t` (
  `id` int NOT NULL,
  `a` int DEFAULT NULL,
  `v` int GENERATED ALWAYS AS ((`a` + 1)) STORED,
  `s` int GENERATED ALWAYS AS ((`a` + 2)) VIRTUAL,
  `x` int GENERATED ALWAYS AS ((`a` * 4)) VIRTUAL,
  `y` int GENERATED ALWAYS AS ((`a` * 5)) STORED,
  `n` varchar(20) COLLATE utf8mb4_general_ci GENERATED ALWAYS AS (concat(_utf8mb4'it\'s ',`a`)) STORED,
  `z` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `s` (`s`),
  KEY `v` (`v`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci