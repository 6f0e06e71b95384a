PRAGMA user_version = 3;
PRAGMA application_id = 1196444487;
CREATE TABLE t (a TEXT);
