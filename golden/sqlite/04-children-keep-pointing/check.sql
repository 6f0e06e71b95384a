SELECT count(*) = 0 FROM pragma_foreign_key_check;
SELECT count(*) = 1 FROM sqlite_schema WHERE name = 'visit' AND sql LIKE '%REFERENCES place ON%';
