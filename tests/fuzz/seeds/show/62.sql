trigger
after
CREATE DEFINER=`root`@`localhost` TRIGGER after AFTER DELETE ON person FOR EACH ROW BEGIN DELETE FROM bag WHERE b = OLD.id; INSERT INTO bag VALUES ('''', 2); END