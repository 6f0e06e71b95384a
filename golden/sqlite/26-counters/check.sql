SELECT seq = 9007199254740993 FROM sqlite_sequence WHERE name = 'up';
SELECT count(*) = 0 FROM sqlite_sequence WHERE name = 'unset';
SELECT a = 'ten' FROM up;
SELECT seq = 13 FROM sqlite_sequence WHERE name = 'o''clock';
