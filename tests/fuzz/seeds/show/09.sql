function
twice
CREATE DEFINER=`root`@`localhost` FUNCTION `twice`(a int) RETURNS int
    DETERMINISTIC
RETURN a * 2