SELECT user_version = -7 FROM pragma_user_version;
SELECT application_id = 0 FROM pragma_application_id;
SELECT auto_vacuum = 1 FROM pragma_auto_vacuum;
SELECT page_size = 8192 FROM pragma_page_size;
SELECT a = 'a' FROM t;
