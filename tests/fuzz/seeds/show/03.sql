view
counts ;
CREATE ALGORITHM=UNDEFINED DEFINER=`no body`@`%` SQL SECURITY DEFINER VIEW `counts ;` (`a``b`,`n "x"`) AS select `person`.`place` AS `place`,count(0) AS `count(*)` from (`adults` join `person` on((`adults`.`id` = `person`.`id`))) group by `person`.`place`