view
named
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `named` AS select `t`.`id` AS `x`,`t`.`b` AS `z` from `t`