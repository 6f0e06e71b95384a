view
named
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `named` (`x`,`z`) AS select `t`.`id` AS `id`,`t`.`b` AS `b` from `t`