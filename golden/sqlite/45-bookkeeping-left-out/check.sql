SELECT count(*) = 1 FROM DATABASECHANGELOG;
SELECT count(*) = 1 FROM sqlite_schema WHERE name = 'flyway_schema_history_s_idx';
