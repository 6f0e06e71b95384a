SELECT count(*) = 2 FROM tree;
SELECT chicken = 1 FROM egg;
