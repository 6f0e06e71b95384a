view
a_top
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `a_top` AS select `m_mid`.`id` AS `id`,`m_mid`.`added` AS `added` from `m_mid`