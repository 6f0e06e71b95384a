view
z_base
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `z_base` AS select `t`.`id` AS `id`,`t`.`a` AS `a`,`t`.`added` AS `added` from `t`