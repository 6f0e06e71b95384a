trigger
plain
CREATE DEFINER=`root`@`localhost` TRIGGER `plain` BEFORE UPDATE ON `bag` FOR EACH ROW BEGIN SET NEW.a = '\'; SET @a = 'it''s \;'; END