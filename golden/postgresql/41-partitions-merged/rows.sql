INSERT INTO m(id,k) SELECT x, x FROM generate_series(1,19) x;
