table
t
CREATE TABLE `t` (
  `a` int DEFAULT NULL,
  `b` tinyint DEFAULT NULL,
  `c` tinyint unsigned DEFAULT NULL,
  `d` int(4) unsigned zerofill DEFAULT NULL,
  `e` year DEFAULT '2000',
  `f` bigint unsigned DEFAULT NULL,
  `g` decimal(12,4) DEFAULT NULL,
  `h` double DEFAULT NULL,
  `i` double DEFAULT NULL,
  `j` float(7,3) DEFAULT NULL,
  `k` varchar(4) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `l` bit(8) DEFAULT NULL,
  `m` varbinary(4) DEFAULT NULL,
  `n` text COLLATE utf8mb4_general_ci,
  `o` longblob,
  `p` mediumtext COLLATE utf8mb4_general_ci,
  `q` set('a','b','c') COLLATE utf8mb4_general_ci DEFAULT NULL,
  `r` time(6) DEFAULT NULL,
  `s` longtext COLLATE utf8mb4_general_ci,
  `t` geometry DEFAULT NULL,
  `u` varchar(300) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `v` varchar(256) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `w` varchar(64) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `x` varchar(11) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `y` varchar(1) COLLATE utf8mb4_general_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci