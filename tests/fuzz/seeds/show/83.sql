view
props
CREATE ALGORITHM=UNDEFINED DEFINER=`nobody`@`%` SQL SECURITY INVOKER VIEW `props` AS select `t`.`id` AS `id`,`t`.`a` AS `a` from `t` where `t`.`a` > 0 WITH LOCAL CHECK OPTION