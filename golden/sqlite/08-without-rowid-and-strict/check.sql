SELECT group_concat(w || n) = 'a1,b2' FROM word;
SELECT count(*) = 1 FROM loose WHERE typeof(b) = 'blob' AND typeof(x) = 'text' AND r = 2.5;
SELECT wr = 1 AND strict = 1 FROM pragma_table_list('both');
