trigger
first
CREATE DEFINER=`root`@`localhost` TRIGGER first BEFORE INSERT ON person FOR EACH ROW SET NEW.name = concat(NEW.name, '; ${x}\\')