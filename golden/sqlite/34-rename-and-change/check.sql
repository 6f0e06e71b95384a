SELECT name = 'Ana' FROM people;
SELECT seq = 9 FROM sqlite_sequence WHERE name = 'people';
SELECT count(*) = 2 FROM visit;
