table
place
CREATE TABLE `place` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `code` char(3) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'a''b',
  `head` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `code` (`code` DESC),
  KEY `head` (`head`),
  CONSTRAINT `place_head` FOREIGN KEY (`head`) REFERENCES `person` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC COMMENT='it''s "${DB_PASSWORD}"; \\ \n/*!50000 x */ -- y\n--z `q` # $$ ? {d ''x''} ?'