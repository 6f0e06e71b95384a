SELECT a = 'a' AND b = 2 AND c = x'03' FROM swapped;
SELECT a = 'a' AND b IS NULL AND c = 'c' FROM middle;
SELECT group_concat(name) = 'c,a,b' FROM pragma_table_info('swapped');
