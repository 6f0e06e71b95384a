SELECT count(*) = 1 FROM doc WHERE doc MATCH 'two';
