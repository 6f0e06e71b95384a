table
t
CREATE TABLE `t` (
  `a` int(6) DEFAULT NULL,
  `b` tinyint(2) DEFAULT NULL,
  `c` tinyint(3) unsigned DEFAULT NULL,
  `d` int(4) unsigned zerofill DEFAULT NULL,
  `e` year(4) DEFAULT 2000,
  `f` bigint(20) unsigned DEFAULT NULL,
  `g` decimal(12,4) DEFAULT NULL,
  `h` double DEFAULT NULL,
  `i` double DEFAULT NULL,
  `j` float(7,3) DEFAULT NULL,
  `k` varchar(4) DEFAULT NULL,
  `l` bit(8) DEFAULT NULL,
  `m` varbinary(4) DEFAULT NULL,
  `n` text DEFAULT NULL,
  `o` longblob DEFAULT NULL,
  `p` mediumtext DEFAULT NULL,
  `q` set('a','b','c') DEFAULT NULL,
  `r` time(6) DEFAULT NULL,
  `s` longtext DEFAULT NULL,
  `t` geometry DEFAULT NULL,
  `u` varchar(300) DEFAULT NULL,
  `v` varchar(256) DEFAULT NULL,
  `w` varchar(64) DEFAULT NULL,
  `x` varchar(11) DEFAULT NULL,
  `y` varchar(1) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci