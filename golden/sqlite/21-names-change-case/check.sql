SELECT group_concat(name) = 'Ana,Ben' FROM people;
SELECT b = 'b' FROM plain;
SELECT count(*) = 0 FROM pragma_foreign_key_check;
