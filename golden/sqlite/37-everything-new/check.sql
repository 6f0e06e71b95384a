SELECT count(*) = 0 FROM b;
