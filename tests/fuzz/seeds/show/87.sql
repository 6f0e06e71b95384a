table
t
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `a` int(11) DEFAULT NULL,
  `v` int(11) GENERATED ALWAYS AS (`a` + 1) STORED,
  `s` int(11) GENERATED ALWAYS AS (`a` + 2) VIRTUAL,
  `x` int(11) GENERATED ALWAYS AS (`a` * 4) VIRTUAL,
  `y` int(11) GENERATED ALWAYS AS (`a` * 5) STORED,
  `n` varchar(20) GENERATED ALWAYS AS (concat('it\'s ',`a`)) STORED,
  `z` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `s` (`s`),
  KEY `v` (`v`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci