SELECT s = 'a string' FROM v;
SELECT sql LIKE '%"not me"%' FROM sqlite_schema WHERE name = 'v';
