SELECT seq = 10 FROM sqlite_sequence WHERE name = 'up';
SELECT seq = 5 FROM sqlite_sequence WHERE name = 'unset';
