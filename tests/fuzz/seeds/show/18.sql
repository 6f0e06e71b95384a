trigger
third
CREATE DEFINER=`root`@`localhost` TRIGGER `third` BEFORE INSERT ON `person` FOR EACH ROW BEGIN IF NEW.id > 1 THEN SET NEW.id = 1; END IF; END