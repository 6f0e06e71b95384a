SELECT count(*) = 2 FROM article WHERE path = title;
