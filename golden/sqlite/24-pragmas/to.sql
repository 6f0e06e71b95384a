PRAGMA page_size = 8192;
PRAGMA auto_vacuum = 1;
PRAGMA user_version = -7;
CREATE TABLE t (a TEXT, b TEXT);
