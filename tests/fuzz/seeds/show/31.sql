view
b_more
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `b_more` AS select `a_top`.`id` AS `id` from (`a_top` join `props` on((`props`.`id` = `a_top`.`id`)))