trigger
second
CREATE DEFINER=`root`@`localhost` TRIGGER `second` BEFORE INSERT ON `person` FOR EACH ROW SET @a = 1--1