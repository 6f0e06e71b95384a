view
fields
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `fields` AS select `person`.`id` AS `id`,`person`.`upper_name` regexp '^\\w+\\s;?$' AS `fits`,1 - -1 AS `two` from `person`