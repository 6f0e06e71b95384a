view
literal
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `literal` AS select 'it\'s è\n' AS `a`,_latin1'y' AS `b`,`t`.`a` = 2 and `t`.`b` <=> NULL AS `c` from `t`