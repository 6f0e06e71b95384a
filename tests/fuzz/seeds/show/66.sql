table
lists
CREATE TABLE `lists` (
  `a` int(11) NOT NULL,
  `b` varchar(10) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
 PARTITION BY LIST  COLUMNS(`b`)
(PARTITION `x y` VALUES IN ('a') ENGINE = InnoDB,
 PARTITION `rest` VALUES IN ('c','é','b') ENGINE = InnoDB)