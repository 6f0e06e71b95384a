SELECT fullname = 'Ana' FROM person;
SELECT seq = 9 FROM sqlite_sequence WHERE name = 'person';
