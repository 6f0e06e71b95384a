SELECT rowid = 3 FROM typed_text WHERE typed_text MATCH '7';
SELECT count(*) = 0 FROM typed_text WHERE typed_text MATCH '007';
SELECT rowid = 5 FROM less_text WHERE less_text MATCH 'tea';
SELECT rowid = 6 FROM more_text WHERE more_text MATCH 'new';
