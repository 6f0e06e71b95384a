view
fields
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `fields` AS select `person`.`id` AS `id`,regexp_like(`person`.`upper_name`,'^\\w+\\s;?$') AS `fits`,(1 - -(1)) AS `two` from `person`