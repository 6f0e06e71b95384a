table
bag
CREATE TABLE `bag` (
  `a` varchar(10) DEFAULT NULL,
  `b` int(11) DEFAULT NULL,
  KEY `b` (`b`)
) ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci MAX_ROWS=77 PACK_KEYS=1 CHECKSUM=1