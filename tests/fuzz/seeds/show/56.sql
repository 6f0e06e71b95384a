function
twice
CREATE DEFINER=`root`@`localhost` FUNCTION `twice`(a int) RETURNS int(11)
    DETERMINISTIC
RETURN a * 2