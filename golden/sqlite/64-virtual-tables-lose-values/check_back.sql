SELECT body IS NULL FROM columns;
SELECT title = 'tea' FROM own WHERE own MATCH 'hot';
SELECT note IS NULL FROM area;
