function
told
CREATE DEFINER=`root`@`localhost` FUNCTION `told`(a varchar(9) CHARSET latin1) RETURNS varchar(20) CHARSET utf8mb4 COLLATE utf8mb4_bin
    NO SQL
RETURN concat(twice(1), a, ';\\')