SELECT count(*) = 1 FROM stays;
SELECT count(*) = 1 FROM sqlite_schema;
