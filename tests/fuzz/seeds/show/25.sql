table
lists
CREATE TABLE `lists` (
  `a` int NOT NULL,
  `b` varchar(10) COLLATE utf8mb4_general_ci NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
/*!50500 PARTITION BY LIST  COLUMNS(b)
(PARTITION `x y` VALUES IN ('a') ENGINE = InnoDB,
 PARTITION rest VALUES IN ('c','é','b') ENGINE = InnoDB) */