SELECT seq = 101 FROM sqlite_sequence WHERE name = 'ticket';
SELECT seq = 900 FROM sqlite_sequence WHERE name = 'seat';
SELECT count(*) = 2 FROM sqlite_sequence;
