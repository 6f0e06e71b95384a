table
contract
CREATE TABLE `contract` (
  `id` int(11) NOT NULL,
  `a` date NOT NULL,
  `b` date NOT NULL,
  PERIOD FOR `valid` (`a`, `b`),
  PRIMARY KEY (`id`,`valid` WITHOUT OVERLAPS)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci