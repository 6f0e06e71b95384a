view
counts ;
CREATE ALGORITHM=UNDEFINED DEFINER=`no body`@`%` SQL SECURITY DEFINER VIEW `counts ;` AS select `lbq`.`person`.`place` AS `a``b`,count(0) AS `n "x"` from (`adults` join `person` on(`adults`.`id` = `lbq`.`person`.`id`)) group by `lbq`.`person`.`place`