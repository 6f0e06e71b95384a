SELECT group_concat(name) = 'Ada' FROM adult_names;
SELECT day = '02-29' FROM birthday WHERE id = 5;
