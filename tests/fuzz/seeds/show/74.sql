table
app
CREATE TABLE `app` (
  `id` int(11) DEFAULT NULL,
  `s` date NOT NULL,
  `e` date NOT NULL,
  `s2` date NOT NULL,
  `e2` date NOT NULL,
  PERIOD FOR `p` (`s2`, `e2`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci