SELECT log = 'same' FROM t;
SELECT count(*) = 11 FROM sqlite_schema WHERE type = 'trigger';
