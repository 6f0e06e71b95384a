INSERT INTO `a``b` VALUES (1, 2, 3, 4, 5);
