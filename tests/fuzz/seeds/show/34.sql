view
m_mid
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `m_mid` AS select `z_base`.`id` AS `id`,`z_base`.`a` AS `a`,`z_base`.`added` AS `added` from `z_base` where (`z_base`.`a` > 2)