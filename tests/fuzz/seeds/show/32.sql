view
becomes_view
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `becomes_view` AS select 1 AS `id`