procedure
session
CREATE DEFINER=`root`@`localhost` PROCEDURE `session`()
SELECT 1