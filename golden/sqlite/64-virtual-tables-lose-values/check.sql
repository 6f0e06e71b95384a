SELECT title = 'tea' FROM own WHERE own MATCH 'hot';
SELECT lid = 4 FROM still WHERE title MATCH 'word' AND lid = 4;
SELECT x0 = 8.5 FROM area;
