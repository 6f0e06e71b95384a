SELECT group_concat(id) = '3,7,8' FROM (SELECT id FROM orders ORDER BY id);
-- stored anew, by the new affinity
SELECT group_concat(typeof(number)) = 'integer,integer,text' FROM (SELECT number FROM orders ORDER BY id);
SELECT count(*) = 1 FROM orders WHERE note = 'l''été';
