SELECT count(*) = 3 FROM book;
SELECT count(*) = 1 FROM loan WHERE shelf = 1;
