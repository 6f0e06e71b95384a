procedure
plain
CREATE DEFINER=`root`@`localhost` PROCEDURE `plain`(a int)
    COMMENT 'it''s \\'
BEGIN SELECT 'a\', '\''', ';--'; SET @a = '\'; END