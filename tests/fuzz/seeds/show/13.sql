procedure
work
CREATE DEFINER=`root`@`localhost` PROCEDURE `work`(IN a int, INOUT b varchar(20))
    SQL SECURITY INVOKER
    COMMENT 'it''s; \\ ${x}'
BEGIN
  -- a comment; with ' a quote
  # another; "
  DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT '${DB_PASSWORD}', "it's; \" \\", '?', "{fn now()}";
  /* DELIMITER ;; */  SET @a = 1;  /*M! SET @b = '\\'; */
  x: LOOP
    IF a > 1--1 THEN LEAVE x; END IF;
    CASE a WHEN 1 THEN SET b = ';$'; ELSE SET b = ':x @y'; END CASE;
  END LOOP x;

  SELECT 'DELIMITER //
GO
/
end', '😀';
END