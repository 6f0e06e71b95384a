SELECT user_version = 3 FROM pragma_user_version;
SELECT application_id = 1196444487 FROM pragma_application_id;
SELECT auto_vacuum = 0 FROM pragma_auto_vacuum;
SELECT page_size = 4096 FROM pragma_page_size;
