view
adults
CREATE ALGORITHM=MERGE DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW `adults` AS select `person`.`id` AS `id`,`person`.`name` AS `name`,'${x}; \\ \'--x' AS `said` from `person` where (`person`.`born` < '2000-01-01') WITH LOCAL CHECK OPTION